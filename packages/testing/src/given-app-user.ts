import { randomBytes } from "node:crypto";
import { openDatabase } from "@reminder-app/db/database";
import { grantsFor } from "@reminder-app/db/grants";
import { testSettings } from "./test-settings.ts";

const PASSWORD = "a-test-password";

/** A user of the test database with the rights of production's, and no others. */
export async function givenAppUser() {
  const { DATABASE_URL } = testSettings();
  const owner = openDatabase({ url: DATABASE_URL, connections: 1 });
  const name = `app_${randomBytes(4).toString("hex")}`;
  const users = ["127.0.0.1", "localhost", "%"].map((host) => `'${name}'@'${host}'`);
  for (const user of users) {
    await owner.pool.query(`create user ${user} identified by '${PASSWORD}'`);
    for (const statement of await grantsFor(owner.pool, user)) await owner.pool.query(statement);
  }
  const url = new URL(DATABASE_URL);
  url.username = name;
  url.password = PASSWORD;
  const database = openDatabase({ url: url.href, connections: 1 });

  return {
    url: url.href,
    /** Run a statement as this user. */
    run: (statement: string) => database.pool.query(statement),
    async remove() {
      await database.close();
      for (const user of users) await owner.pool.query(`drop user ${user}`);
      await owner.close();
    },
  };
}
