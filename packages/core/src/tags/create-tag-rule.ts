import { isDuplicateKey } from "@reminder-app/db/faults";
import { SECOND_MS } from "@reminder-app/platform/clock";
import { AppError, invalid } from "@reminder-app/platform/errors";
import { type Id, newId } from "@reminder-app/platform/ids";
import { z } from "zod";
import { recordAudit } from "../audit/record-audit.ts";
import { businessRepo } from "../businesses/businesses.repo.ts";
import { type Ctx, inTransaction, requireAllClients, requireRole } from "../ctx.ts";
import { type Reminder, reminderRepo } from "../reminders/reminders.repo.ts";
import { clientTagRepo } from "./client-tags.repo.ts";
import type { NotEnrolled } from "./enrol-clients.ts";
import { enrolTagged } from "./enrol-tagged.ts";
import { tagSchema } from "./tag-input.ts";
import { type TagRule, tagRuleRepo } from "./tag-rules.repo.ts";

const MOST_RULES = 200;
/** A caller waits for so long; who is not on the reminder by then follows within minutes. */
const PATIENCE_MS = 10 * SECOND_MS;

export const CreateTagRuleInput = z.strictObject({
  tag: tagSchema,
  reminderId: z.uuid().describe("Of a sequence with a due rule, for each client's due date follows from it"),
});

export interface RuleAnswer {
  readonly rule: TagRule;
  readonly enrolled: number;
  readonly notEnrolled: readonly NotEnrolled[];
  /** Whether all clients with the tag were looked at; else the rest follows within minutes. */
  readonly complete: boolean;
}

/** Let every client with a tag be on a reminder, from now on: those who have it, and those who get it. */
export async function createTagRule(
  ctx: Ctx,
  { tag, reminderId }: z.output<typeof CreateTagRuleInput>,
): Promise<RuleAnswer> {
  requireRole(ctx, "staff", "make tag rules");
  requireAllClients(ctx, "make tag rules");
  const rule = await inTransaction(ctx, async (tx) => {
    const reminder = await reminderRepo(tx).lock(reminderId as Id<"Reminder">);
    requireRuled(reminder);
    await businessRepo(tx).lock();
    if ((await tagRuleRepo(tx).list()).length >= MOST_RULES)
      throw new AppError("conflict", `There are ${MOST_RULES} tag rules already; remove one first`);
    const [known = tag] = await clientTagRepo(tx).spellings([tag]);
    const made = { id: newId<"TagRule">(), tag: known, reminderId: reminder.id, createdAt: tx.now() };
    await refuseTwice(() => tagRuleRepo(tx).insert(made));
    await recordAudit(tx, "tag_rule.created", { entityId: made.id, tag: known, reminderId: reminder.id });
    return { ...made, businessId: tx.businessId };
  });
  return { rule, ...(await enrolTagged(ctx, rule, { until: performance.now() + PATIENCE_MS })) };
}

/** Throws where clients could be put on the reminder one by one only. */
function requireRuled({ status, schedule }: Reminder): void {
  if (status === "cancelled" || status === "completed")
    throw new AppError("conflict", `The reminder is ${status}, so it takes no more clients`);
  if (schedule.kind === "sequence" && !schedule.due)
    throw invalid("reminderId", "its sequence must have a due rule, from which each client's due date follows");
}

async function refuseTwice(write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (thrown) {
    if (!isDuplicateKey(thrown)) throw thrown;
    throw new AppError("conflict", "There is a rule for this tag and reminder already", { cause: thrown });
  }
}
