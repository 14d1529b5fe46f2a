import type { TaskKind } from "@reminder-app/db/schema/tasks";
import type { Ctx } from "../ctx.ts";
import { openTask } from "../tasks/open-task.ts";
import { balanceOf, surplusOf } from "./balance.ts";
import type { Standing } from "./standing.ts";

/** Let staff look at what happened to the money of a request by which nobody is chased. */
export async function tellUnchased(tx: Ctx, standing: Standing): Promise<void> {
  const { id, clientId } = standing.request;
  for (const kind of happenings(standing)) await openTask(tx, { kind, subject: `payment_request:${id}`, clientId });
}

function happenings({ request, before, disputeOpen, failed, mistaken }: Standing): TaskKind[] {
  const isDisputed = disputeOpen && request.disputed > before.disputed;
  const wentBack = request.paid < before.paid && balanceOf(request) > 0 && !disputeOpen && !mistaken;
  return [
    ...(surplusOf(request) > surplusOf(before) ? ["overpaid" as const] : []),
    ...(failed ? ["payment_failed" as const] : []),
    ...(isDisputed ? ["payment_disputed" as const] : []),
    ...(wentBack && request.policy.afterRefund === "hold" ? ["refunded" as const] : []),
  ];
}
