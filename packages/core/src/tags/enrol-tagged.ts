import type { Id } from "@reminder-app/platform/ids";
import { type Ctx, inTransaction } from "../ctx.ts";
import { reminderRepo } from "../reminders/reminders.repo.ts";
import { clientTagRepo } from "./client-tags.repo.ts";
import { type Enrolled, type NotEnrolled, enrolClients } from "./enrol-clients.ts";
import type { TagRule } from "./tag-rules.repo.ts";

const CHUNK = 200;
/** So many of those who could not be put on the reminder are named. */
const MOST_NAMED = 100;

export interface EnrolTagged {
  /** On the clock of `performance.now()`; where it is past, the next call goes on. */
  readonly until: number;
  /** Only those who never were on the reminder: whoever was taken off it by hand stays off. */
  readonly onlyNew?: boolean;
}

/** Put all clients with a rule's tag on its reminder, chunk by chunk. Doing so again changes nothing. */
export async function enrolTagged(
  ctx: Ctx,
  rule: TagRule,
  { until, onlyNew = false }: EnrolTagged,
): Promise<Enrolled & { readonly complete: boolean }> {
  const { status } = await reminderRepo(ctx).get(rule.reminderId);
  if (onlyNew && (status === "cancelled" || status === "completed"))
    return { enrolled: 0, notEnrolled: [], complete: true };
  let enrolled = 0;
  const notEnrolled: NotEnrolled[] = [];
  let cursor: Id<"Client"> | undefined;
  for (;;) {
    const at = { cursor, limit: CHUNK, ...(onlyNew && { neverOn: rule.reminderId }) };
    const ids = await clientTagRepo(ctx).clientsWith(rule.tag, at);
    const answer = await inTransaction(ctx, (tx) => enrolClients(tx, rule, ids));
    enrolled += answer.enrolled;
    notEnrolled.push(...answer.notEnrolled.slice(0, MOST_NAMED - notEnrolled.length));
    cursor = ids.at(-1);
    if (ids.length < CHUNK) return { enrolled, notEnrolled, complete: true };
    if (performance.now() > until) return { enrolled, notEnrolled, complete: false };
  }
}
