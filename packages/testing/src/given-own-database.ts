import { randomBytes } from "node:crypto";
import { openDatabase } from "@reminder-app/db/database";
import { migrateDatabase } from "@reminder-app/db/migrate";
import { testSettings } from "./test-settings.ts";

/** A database beside the shared one, for a test that goes over all businesses. */
export async function givenOwnDatabase() {
  const { DATABASE_URL } = testSettings();
  const shared = openDatabase({ url: DATABASE_URL, connections: 1 });
  const url = new URL(DATABASE_URL);
  const name = `${url.pathname.slice(1)}_${randomBytes(4).toString("hex")}`;
  await shared.pool.query(`create database ${name} character set utf8mb4 collate utf8mb4_unicode_ci`);
  url.pathname = name;
  await migrateDatabase(url.href);
  const database = openDatabase({ url: url.href, connections: 2 });

  return {
    url: url.href,
    database,
    /** The first column of the first row, as a number. */
    async number(query: string): Promise<number> {
      const [rows] = await database.pool.query({ sql: query, rowsAsArray: true });
      return Number((rows as [[unknown]])[0][0]);
    },
    async remove() {
      await database.close();
      await shared.pool.query(`drop database ${name}`);
      await shared.close();
    },
  };
}
