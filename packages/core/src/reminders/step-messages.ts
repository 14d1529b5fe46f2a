import type { StepMessage } from "@reminder-app/db/schema/reminders";
import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import { AppError, type Issue } from "@reminder-app/platform/errors";
import type { Plan } from "./plan.ts";

/** A text with a subject. */
export interface Text {
  readonly subject: string;
  readonly body: string;
}

type Written = Pick<Plan, "subject" | "body" | "stepMessages">;

function messageOf({ stepMessages }: Pick<Plan, "stepMessages">, stepId: string | null): StepMessage | undefined {
  return stepId !== null && stepMessages && Object.hasOwn(stepMessages, stepId) ? stepMessages[stepId] : undefined;
}

/** What a step says; what it does not say itself is the reminder's. `null` is no step: the reminder's own text. */
export function textOfStep(plan: Written, stepId: string | null): Text {
  const { subject = plan.subject, body = plan.body } = messageOf(plan, stepId) ?? {};
  return { subject, body };
}

/** The channels that a step may use. */
export function channelsOfStep(plan: Pick<Plan, "channels" | "stepMessages">, stepId: string | null): ChannelKind[] {
  return messageOf(plan, stepId)?.channels ?? plan.channels;
}

/** Every text that a plan sends, each with where it stands; by hand the reminder's own may go too. */
export function textsOf(plan: Written): readonly (Text & { readonly path: string })[] {
  const steps = Object.entries(plan.stepMessages ?? {}).map(([id]) => ({
    ...textOfStep(plan, id),
    path: `stepMessages.${id}.`,
  }));
  return [{ subject: plan.subject, body: plan.body, path: "" }, ...steps];
}

/** Every channel that a plan may use. */
export function allChannels({ channels, stepMessages }: Pick<Plan, "channels" | "stepMessages">): ChannelKind[] {
  return [...new Set([...channels, ...Object.values(stepMessages ?? {}).flatMap((message) => message.channels ?? [])])];
}

/** Throws `validation_failed` for messages of steps that a schedule does not have. */
export function requireSteps({ schedule, stepMessages }: Pick<Plan, "schedule" | "stepMessages">): void {
  const named = Object.keys(stepMessages ?? {});
  const steps = schedule.kind === "sequence" ? schedule.steps.map(({ id }) => id) : [];
  const issues = named
    .filter((id) => !steps.includes(id))
    .map((id): Issue => ({ field: `stepMessages.${id}`, message: unknownStep(steps) }));
  if (issues.length > 0) throw new AppError("validation_failed", "Some messages belong to no step", { issues });
}

function unknownStep(steps: readonly string[]): string {
  const shown = steps.slice(0, 20).join(", ");
  return steps.length > 0 ? `names no step; there are ${shown}` : "only a sequence has steps; leave stepMessages out";
}
