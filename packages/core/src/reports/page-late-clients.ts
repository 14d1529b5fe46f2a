import { reminderTypes } from "@reminder-app/db/schema/reminder-types";
import type { Id } from "@reminder-app/platform/ids";
import { civilDateIn, daysBetween } from "@reminder-app/schedule/civil-date";
import { z } from "zod";
import { businessRepo } from "../businesses/businesses.repo.ts";
import type { Ctx } from "../ctx.ts";
import { type Page, PageQuery, toPage } from "../page.ts";
import { lateClientRepo } from "./late-clients.repo.ts";

export const LateClientsQuery = PageQuery.extend({
  type: z.enum(reminderTypes).optional().describe("Reminders of this type only, such as document"),
});

type Row = Awaited<ReturnType<ReturnType<typeof lateClientRepo>["page"]>>[number];

/** Work of a client that is past its due date. Its id is the assignment's. */
export interface LateClient extends Row {
  readonly daysLate: number;
  /** How many things the client has still to send. */
  readonly missing: number;
  readonly messagesSent: number;
  readonly lastMessageAt: Date | null;
}

/** Which clients are late with what, the longest late first. */
export async function pageLateClients(ctx: Ctx, query: z.output<typeof LateClientsQuery>): Promise<Page<LateClient>> {
  const { limit, cursor, type } = query;
  const { timeZone } = await businessRepo(ctx).get();
  const today = civilDateIn(timeZone, ctx.now());
  const repo = lateClientRepo(ctx);
  const rows = await repo.page({ type, today }, { limit, cursor: cursor as Id<"Assignment"> | undefined });
  const ids = rows.map(({ id }) => id);
  const [missing, messages] = await Promise.all([repo.missing(ids), repo.messages(ids)]);
  const late = rows.map((row) => ({
    ...row,
    daysLate: daysBetween(row.dueOn, today),
    missing: missing.get(row.id) ?? 0,
    messagesSent: messages.get(row.id)?.sent ?? 0,
    lastMessageAt: messages.get(row.id)?.lastAt ?? null,
  }));
  return toPage(late, limit);
}
