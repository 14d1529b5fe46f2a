import type { Id } from "@reminder-app/platform/ids";
import { type Ctx, dryRun, requireAllClients } from "../ctx.ts";
import { clientTagRepo } from "./client-tags.repo.ts";
import { type NotEnrolled, enrolClients } from "./enrol-clients.ts";
import { type TagRule, tagRuleRepo } from "./tag-rules.repo.ts";

const MOST_NAMED = 100;

/** All rules, the oldest first. */
export async function listTagRules(ctx: Ctx): Promise<{ items: TagRule[] }> {
  return { items: await tagRuleRepo(ctx).list() };
}

/** Who has a rule's tag and never was on its reminder, with the reason: the first hundred. */
export async function listNotEnrolled(ctx: Ctx, id: Id<"TagRule">): Promise<{ items: readonly NotEnrolled[] }> {
  requireAllClients(ctx, "see whom a rule does not reach");
  const rule = await tagRuleRepo(ctx).get(id);
  const ids = await clientTagRepo(ctx).clientsWith(rule.tag, { limit: MOST_NAMED, neverOn: rule.reminderId });
  const { notEnrolled } = await dryRun(ctx, (tx) => enrolClients(tx, rule, ids));
  return { items: notEnrolled };
}
