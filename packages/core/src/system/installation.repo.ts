import type { DbOrTransaction } from "@reminder-app/db/database";
import { installation } from "@reminder-app/db/schema/installation";
import { eq, sql } from "drizzle-orm";

type Fact = "clock_version";

/** What is true of the whole installation. */
export function installationRepo(db: DbOrTransaction) {
  async function get(name: Fact): Promise<string | undefined> {
    const [row] = await db.select().from(installation).where(eq(installation.name, name));
    return row?.value;
  }

  async function set(name: Fact, value: string, now: Date): Promise<void> {
    await db
      .insert(installation)
      .values({ name, value, updatedAt: now })
      .onDuplicateKeyUpdate({ set: { value: sql`values(value)`, updatedAt: sql`values(updated_at)` } });
  }

  return { get, set };
}
