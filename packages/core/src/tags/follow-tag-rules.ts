import { SECOND_MS } from "@reminder-app/platform/clock";
import { type SystemCtx, actFor } from "../ctx.ts";
import { businessesWithTagRules } from "../system/tag-rule-businesses.repo.ts";
import { enrolTagged } from "./enrol-tagged.ts";
import { tagRuleRepo } from "./tag-rules.repo.ts";

/** No rule is served for longer at a stretch. */
const STRETCH_MS = 30 * SECOND_MS;

/**
 * Put clients on the reminders that rules name for their tags, where that could not be done at once: there were too many
 * of them, or they could not be reached at first and can now.
 */
export async function followTagRules(system: SystemCtx): Promise<void> {
  for (const businessId of await businessesWithTagRules(system.db)) {
    const ctx = actFor(system, businessId, "tag-rules");
    for (const rule of await tagRuleRepo(ctx).list())
      await enrolTagged(ctx, rule, { until: performance.now() + STRETCH_MS, onlyNew: true });
  }
}
