import { readdirSync } from "node:fs";
import { actFor } from "@reminder-app/core/ctx";
import { openTask } from "@reminder-app/core/tasks/open-task";
import { openTestMailbox } from "@reminder-app/core/test-clock/test-mailbox";
import { taskRepo } from "@reminder-app/core/tasks/tasks.repo";
import { deliveries } from "@reminder-app/db/schema/deliveries";
import { clientLinks } from "@reminder-app/db/schema/documents";
import { members, memberships } from "@reminder-app/db/schema/members";
import type { Id } from "@reminder-app/platform/ids";
import { type Column, eq, getTableColumns, getTableName, inArray, is } from "drizzle-orm";
import { MySqlTable } from "drizzle-orm/mysql-core";
import { liveSystem } from "./given-business.ts";

const { db } = liveSystem;
const folder = new URL("../../db/src/schema/", import.meta.url);

/** All tables of the schema, whichever file they stand in. */
async function everyTable(): Promise<MySqlTable[]> {
  const files = readdirSync(folder).filter((file) => file.endsWith(".ts"));
  const modules = await Promise.all(files.map((file) => import(new URL(file, folder).href) as Promise<object>));
  return modules.flatMap((module) => Object.values(module) as unknown[]).filter((value) => is(value, MySqlTable));
}

/** The name of every column of every table, as the code and as the database writes it. */
export async function everyColumnName(): Promise<readonly string[]> {
  const columns = (await everyTable()).flatMap((table) => Object.entries<Column>(getTableColumns(table)));
  return [...new Set(columns.flatMap(([name, column]) => [name, column.name]))];
}

/** What reading alone moves on. */
const moving = new Set(["lastUsedAt"]);

/** Every row of a business and of its members, by table: equal to another one when nothing of theirs was changed. */
export async function snapshotOf(businessId: string): Promise<Readonly<Record<string, readonly string[]>>> {
  const snapshot: Record<string, readonly string[]> = {};
  for (const table of await everyTable()) {
    const columns = getTableColumns(table) as Record<string, Column>;
    const key = columns["businessId"] ?? (getTableName(table) === "businesses" ? columns["id"] : undefined);
    if (key) snapshot[getTableName(table)] = texts(await db.select().from(table).where(eq(key, businessId)));
  }
  const theirs = db
    .select({ id: memberships.memberId })
    .from(memberships)
    .where(eq(memberships.businessId, businessId as Id<"Business">));
  return { ...snapshot, members: texts(await db.select().from(members).where(inArray(members.id, theirs))) };
}

function texts(rows: readonly object[]): readonly string[] {
  return rows
    .map((row) => JSON.stringify(row, (name, value: unknown) => (moving.has(name) ? undefined : value)))
    .toSorted();
}

/** Let the outcome of a delivery be unknown for good, so that somebody has to decide about it. */
export async function holdDelivery(id: string): Promise<void> {
  await db
    .update(deliveries)
    .set({ state: "held", nextAt: null })
    .where(eq(deliveries.id, id as Id<"Delivery">));
}

/** Let the time of a link be over. */
export async function expireLink(id: string): Promise<void> {
  await db
    .update(clientLinks)
    .set({ expiresAt: new Date(Date.now() - 1) })
    .where(eq(clientLinks.id, id as Id<"ClientLink">));
}

/** An open task for staff about a client. */
export async function givenTask(businessId: string, clientId: string): Promise<string> {
  const ctx = actFor(liveSystem, businessId as Id<"Business">, "test");
  await openTask(ctx, { kind: "exhausted", subject: clientId, clientId: clientId as Id<"Client"> });
  const [task] = await taskRepo(ctx).page({ clientId: clientId as Id<"Client"> }, { limit: 1 });
  return task?.id ?? "";
}

/** What the test provider keeps of a delivery. */
export async function givenTestMessage(businessId: string, deliveryId: string): Promise<string> {
  const ctx = actFor(liveSystem, businessId as Id<"Business">, "test");
  const { mailbox, store } = openTestMailbox(ctx, "email");
  mailbox.keep({
    deliveryId,
    token: deliveryId,
    channel: "email",
    to: "ada@clients.example",
    subject: "VAT",
    text: "Dear Ada",
  });
  await store();
  return deliveryId;
}
