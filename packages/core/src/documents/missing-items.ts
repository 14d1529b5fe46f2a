import type { Id } from "@reminder-app/platform/ids";
import type { Ctx } from "../ctx.ts";
import type { MessageTemplate } from "../templates/render-message.ts";
import { checklistRepo } from "./checklist-items.repo.ts";

const NAMED = /\bmissing\b/;

/** Whether the lines that a text names may be others than they were at the instant `since`. */
export async function haveLinesChanged(
  ctx: Ctx,
  assignmentId: Id<"Assignment">,
  { subject, body, since }: MessageTemplate & { readonly since: Date },
): Promise<boolean> {
  if (!NAMED.test(subject) && !NAMED.test(body)) return false;
  const items = await checklistRepo(ctx).ofAssignments([assignmentId]);
  return items.some(({ updatedAt }) => updatedAt >= since);
}

/**
 * What an assignment still lacks, a line for each thing, with the reason where it was rejected; undefined when nothing
 * is missing. Looked up only for texts that name it.
 */
export async function missingLines(
  ctx: Ctx,
  assignmentId: Id<"Assignment">,
  { subject, body }: MessageTemplate,
): Promise<readonly string[] | undefined> {
  if (!NAMED.test(subject) && !NAMED.test(body)) return undefined;
  const items = await checklistRepo(ctx).missing(assignmentId);
  if (items.length === 0) return undefined;
  return items.map(({ label, reason }) => (reason === null ? label : `${label}: ${reason}`));
}
