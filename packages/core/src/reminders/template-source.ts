import type { Id } from "@reminder-app/platform/ids";
import type { Ctx } from "../ctx.ts";
import type { TemplateText } from "../deliveries/compose-message.ts";
import { type Plan, planOf } from "./plan.ts";
import { planKey, planRepo } from "./plans.repo.ts";
import { reminderRepo } from "./reminders.repo.ts";
import { textOfStep } from "./step-messages.ts";

/** Which text of which reminder. */
export interface TextName {
  readonly id: Id<"Reminder">;
  readonly revision: number;
  readonly stepId: string | null;
}

export interface TemplateSource {
  load(ctx: Ctx, name: TextName): Promise<TemplateText>;
}

const KEPT = 500;

/** Texts of reminders by revision; one revision never changes, so it is read once, by the first who asks. */
export function templateSource(): TemplateSource {
  const kept = new Map<string, Promise<Plan>>();

  function planFor(ctx: Ctx, name: TextName): Promise<Plan> {
    const key = `${name.id}:${name.revision}`;
    const reading = kept.get(key) ?? readPlan(ctx, name);
    kept.set(key, reading);
    reading.catch(() => kept.delete(key));
    const [oldest] = kept.keys();
    if (kept.size > KEPT && oldest) kept.delete(oldest);
    return reading;
  }

  return {
    async load(ctx, name) {
      const plan = await planFor(ctx, name);
      const { id, stepId } = name;
      return { key: `${id}:${plan.revision}:${stepId ?? ""}`, revision: plan.revision, ...textOfStep(plan, stepId) };
    },
  };
}

/** The plan of a revision: the present one, or one that was kept when it was replaced. */
async function readPlan(ctx: Ctx, { id, revision }: TextName): Promise<Plan> {
  const present = planOf(await reminderRepo(ctx).get(id));
  if (present.revision === revision) return present;
  const key = { reminderId: id, revision };
  return (await planRepo(ctx).some([key])).get(planKey(key)) ?? present;
}
