import type { Id } from "@reminder-app/platform/ids";
import { recordAudit } from "../audit/record-audit.ts";
import { type Ctx, inTransaction, requireAllClients, requireRole } from "../ctx.ts";
import { type TagRule, tagRuleRepo } from "./tag-rules.repo.ts";
import { unenrolClients } from "./unenrol-clients.ts";

const CHUNK = 200;

export interface RemovedRule {
  readonly unenrolled: number;
  /** Messages whose send had started before. */
  readonly inFlight: number;
  readonly reminderId: Id<"Reminder">;
}

/**
 * Take off the reminder whom the rule put on it, and forget the rule; with the last of them. When it is cut off in between,
 * the rule is still there, and doing it again goes on.
 */
export async function removeTagRule(ctx: Ctx, id: Id<"TagRule">): Promise<RemovedRule> {
  requireRole(ctx, "staff", "remove tag rules");
  requireAllClients(ctx, "remove tag rules");
  const rule = await tagRuleRepo(ctx).get(id);
  const answer = { unenrolled: 0, inFlight: 0 };
  for (let more = true; more;) {
    const chunk = await inTransaction(ctx, (tx) => removeChunk(tx, rule));
    answer.unenrolled += chunk.unenrolled;
    answer.inFlight += chunk.inFlight;
    more = chunk.more;
  }
  return { ...answer, reminderId: rule.reminderId };
}

async function removeChunk(tx: Ctx, rule: TagRule) {
  const chunk = await unenrolClients(tx, rule, { limit: CHUNK });
  if (chunk.more) return chunk;
  await tagRuleRepo(tx).remove(rule.id);
  await recordAudit(tx, "tag_rule.removed", { entityId: rule.id, tag: rule.tag, reminderId: rule.reminderId });
  return chunk;
}
