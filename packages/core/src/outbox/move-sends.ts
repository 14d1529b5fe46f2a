import type { Ctx } from "../ctx.ts";
import type { QueuedDelivery } from "../occurrences/expand-occurrence.ts";
import type { Reminder } from "../reminders/reminders.repo.ts";
import type { DecidedSend } from "./decided-sends.repo.ts";
import { type SendRow, sendRowsRepo } from "./send-rows.repo.ts";
import { type StaffReason, isStaffReason, waitsForPerson } from "./waits-for-person.ts";

/** Whether it is staff that keeps a message back; what waits for another reason keeps its own time. */
function isByStaff({ reason }: SendRow): boolean {
  return isStaffReason(reason) || reason === "skipped_by_staff";
}

/** A send whose deliveries wait or were left out by staff, and what was decided about it. */
export interface MovableSend {
  readonly reminder: Pick<Reminder, "needsApproval">;
  readonly rows: readonly SendRow[];
  readonly decided: Pick<DecidedSend, "decision" | "slotKey">;
}

/**
 * Let the deliveries that are made of sends follow what was decided. They are locked, so a claim meets the decision on
 * the row. Answers with what may go.
 */
export async function moveSends(tx: Ctx, sends: readonly MovableSend[]): Promise<QueuedDelivery[]> {
  const repo = sendRowsRepo(tx);
  const at = tx.now();
  const moves = Map.groupBy(sends.flatMap(movesOf), ({ to }) => to);
  const idsTo = (to: Move["to"]) => (moves.get(to) ?? []).map(({ row }) => row.id);
  await repo.leaveOut(idsTo("leave_out"), at);
  for (const reason of ["held_by_staff", "awaiting_approval"] as const)
    await repo.postpone(idsTo(reason), { reason, at });
  await repo.wake(idsTo("go"), at);
  return (moves.get("go") ?? []).map(({ row: { id, channel, fence, dueAt } }) => ({
    id,
    channel,
    fence: fence + 1,
    nextAt: dueAt,
  }));
}

interface Move {
  readonly row: SendRow;
  readonly to: StaffReason | "leave_out" | "go";
}

function movesOf({ reminder: { needsApproval }, rows, decided: { decision, slotKey } }: MovableSend): Move[] {
  if (decision === "skip") return rows.map((row) => ({ row, to: "leave_out" }));
  const reason = waitsForPerson({ needsApproval, decision, slotKey });
  if (reason) return rows.map((row) => ({ row, to: reason }));
  return rows.filter(isByStaff).map((row) => ({ row, to: "go" }));
}
