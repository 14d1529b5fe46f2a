import { NotFoundError } from "@reminder-app/platform/errors";
import type { Ctx } from "../ctx.ts";
import type { TemplateText } from "../deliveries/compose-message.ts";
import type { Plan } from "./plan.ts";
import { type PlanKey, planKey, planRepo } from "./plans.repo.ts";
import { textOfStep } from "./step-messages.ts";

/** Which text of which reminder. */
export interface TextName extends PlanKey {
  readonly stepId: string | null;
}

export interface TemplateSource {
  load(ctx: Ctx, name: TextName): Promise<TemplateText>;
  /** Begin to read what will be loaded in a moment, all at once. */
  readAhead(ctx: Ctx, names: readonly TextName[]): void;
}

type Plans = ReadonlyMap<string, Plan>;

const KEPT = 500;

/** Texts of reminders by revision; one revision never changes, so it is read once, by the first who asks. */
export function templateSource(): TemplateSource {
  const kept = new Map<string, Promise<Plan>>();

  function planFor(name: TextName, read: () => Promise<Plans>): Promise<Plan> {
    const key = planKey(name);
    const known = kept.get(key);
    if (known) return known;
    const reading = read().then((plans) => planIn(plans, name));
    kept.set(key, reading);
    reading.catch(() => kept.delete(key));
    const [oldest] = kept.keys();
    if (kept.size > KEPT && oldest) kept.delete(oldest);
    return reading;
  }

  return {
    async load(ctx, name) {
      const plan = await planFor(name, () => readPlans(ctx, [name]));
      return { revision: plan.revision, ...textOfStep(plan, name.stepId) };
    },
    readAhead(ctx, names) {
      const unknown = names.filter((name) => !kept.has(planKey(name)));
      if (unknown.length === 0) return;
      const reading = readPlans(ctx, unknown);
      for (const name of unknown) void planFor(name, () => reading);
    },
  };
}

function planIn(plans: Plans, name: PlanKey): Plan {
  const plan = plans.get(planKey(name));
  if (!plan) throw new NotFoundError("Reminder", name.reminderId);
  return plan;
}

/** The plans of some revisions, by {@link planKey}: the present ones, or those that were kept when they were replaced. */
async function readPlans(ctx: Ctx, keys: readonly PlanKey[]): Promise<Plans> {
  const present = await planRepo(ctx).present(keys.map(({ reminderId }) => reminderId));
  const older = keys.filter(({ reminderId, revision }) => present.get(reminderId)?.revision !== revision);
  const replaced = await planRepo(ctx).some(older);
  return new Map(
    keys.flatMap((key) => {
      const plan = replaced.get(planKey(key)) ?? present.get(key.reminderId);
      return plan ? [[planKey(key), plan] as const] : [];
    }),
  );
}
