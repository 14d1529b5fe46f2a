import { type SendDecision, waitingStates, inFlightStates } from "@reminder-app/db/schema/deliveries";
import { AppError, type Issue, invalid } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { z } from "zod";
import type { Assignment } from "../assignments/assignments.repo.ts";
import { requireFields } from "../assignments/require-fields.ts";
import { recordAudit } from "../audit/record-audit.ts";
import { separateLines } from "../deliveries/stop-deliveries.ts";
import { businessRepo } from "../businesses/businesses.repo.ts";
import { type Ctx, actorName, inTransaction, requireRole } from "../ctx.ts";
import { stepOfSlot } from "../occurrences/plan-assignment.ts";
import type { QueuedDelivery } from "../occurrences/expand-occurrence.ts";
import { inForceFor } from "../reminders/plan-in-force.ts";
import type { Reminder } from "../reminders/reminders.repo.ts";
import { textOfStep } from "../reminders/step-messages.ts";
import { bodyTemplate, subjectTemplate } from "../templates/check-template.ts";
import { type DecidedSend, decidedSendRepo, sendName } from "./decided-sends.repo.ts";
import { futureSlot } from "./future-slot.ts";
import { isMadeUpFor } from "./is-made-up-for.ts";
import { moveSends } from "./move-sends.ts";
import { type SendRow, sendRowsRepo } from "./send-rows.repo.ts";

const MOST = 500;
const decisions = ["hold", "release", "skip", "unskip", "approve", "edit"] as const;

export const DecideSendsInput = z.strictObject({
  sends: z
    .array(z.strictObject({ assignmentId: z.uuid(), slotKey: z.string().min(1).max(120) }))
    .min(1)
    .max(MOST)
    .describe("As the outbox names them"),
  decision: z
    .enum(decisions)
    .describe("hold and release; skip and unskip; approve what waits for it; edit the text of these sends"),
  subject: subjectTemplate.nullable().optional().describe("For edit; null takes the reminder's again"),
  body: bodyTemplate.nullable().optional().describe("For edit; null takes the reminder's again"),
});
type Input = z.output<typeof DecideSendsInput>;

const OUTCOME = {
  hold: "held",
  release: "released",
  skip: "skipped",
  unskip: "unskipped",
  approve: "approved",
  edit: "edited",
} as const satisfies Record<Input["decision"], string>;

export interface SendOutcome {
  readonly assignmentId: Id<"Assignment">;
  readonly slotKey: string;
  /** What was done; `unchanged` where nothing had to be, `in_flight` where its send had started already. */
  readonly outcome: (typeof OUTCOME)[Input["decision"]] | "unchanged" | "in_flight";
}

export interface DecidedSends {
  readonly sends: readonly SendOutcome[];
  /** What may go now. */
  readonly queued: readonly QueuedDelivery[];
}

/**
 * Hold sends back, leave them out, approve them or change their text, whether they are planned yet or not. All or none:
 * throws `not_found` for an unknown assignment, and `validation_failed` with each send that is past or was never to come.
 */
export async function decideSends(ctx: Ctx, input: Input): Promise<DecidedSends> {
  requireRole(ctx, "staff", "decide about sends");
  requireText(input);
  return inTransaction(ctx, async (tx) => {
    const sends = await loadSends(tx, input);
    const before = await decidedSendRepo(tx).ofAssignments(sends.map(({ assignment }) => assignment.id));
    const decided = sends.map((send) => decide(tx, { send, input, before: before.get(nameOf(send)) }));
    await decidedSendRepo(tx).put(decided.flatMap(({ row }) => (row ? [row] : [])));
    const queued = await moveSends(
      tx,
      decided.flatMap(({ send, row }) => (row ? [{ ...send, decided: row }] : [])),
    );
    await recordAudit(tx, `sends.${OUTCOME[input.decision]}`, {
      entityId: decided[0]?.send.reminder.id ?? tx.businessId,
      sends: decided.flatMap(({ row, send }) => (row ? [nameOf(send)] : [])),
    });
    return {
      sends: decided.map(({ send, outcome }) => ({
        assignmentId: send.assignment.id,
        slotKey: send.slotKey,
        outcome,
      })),
      queued,
    };
  });
}

function requireText({ decision, subject, body }: Input): void {
  const given = subject !== undefined || body !== undefined;
  if (decision === "edit" && !given) throw invalid("body", "give a subject, a body or both; null takes the reminder's");
  if (decision !== "edit" && given) throw invalid("decision", "must be edit where a subject or body is given");
}

interface Send {
  readonly reminder: Reminder;
  readonly assignment: Assignment;
  readonly slotKey: string;
  /** What is made of it already. */
  readonly rows: readonly SendRow[];
}

const nameOf = ({ assignment, slotKey }: Send) => sendName({ assignmentId: assignment.id, slotKey });

/** Each send that is asked about, once, with its assignment locked. */
async function loadSends(tx: Ctx, { sends }: Input): Promise<Send[]> {
  const asked = sends as { assignmentId: Id<"Assignment">; slotKey: string }[];
  const repo = sendRowsRepo(tx);
  const assigned = await repo.lockAssignments(asked.map(({ assignmentId }) => assignmentId));
  const byId = new Map(assigned.map((row) => [row.id, row]));
  const reminders = new Map(
    (await repo.remindersOf(assigned.map(({ reminderId }) => reminderId))).map((row) => [row.id, row]),
  );
  const business = await businessRepo(tx).get();
  // What is a line of a message that has not left is decided about by itself.
  if (business.dailyMessageAt) for (const { id } of assigned) await separateLines(tx, { assignmentId: id });
  const rows = Map.groupBy(await repo.lockDeliveries(asked), sendName);
  const issues: Issue[] = [];
  const found = new Map<string, Send>();
  for (const [index, key] of asked.entries()) {
    const assignment = byId.get(key.assignmentId);
    const present = assignment && reminders.get(assignment.reminderId);
    if (!assignment || !present) throw new AppError("not_found", `Assignment ${key.assignmentId} not found`);
    const reminder = await inForceFor(tx, present, assignment);
    const send = { reminder, assignment, slotKey: key.slotKey, rows: rows.get(sendName(key)) ?? [] };
    const fault = faultOf(send, () => futureSlot({ business, ...send, now: tx.now() }) !== undefined, tx.now());
    if (fault && !(await isMadeUpFor(tx, send))) issues.push({ field: `sends.${index}.slotKey`, message: fault });
    found.set(sendName(key), send);
  }
  if (issues.length > 0)
    throw new AppError("validation_failed", "Some sends are past, or were never to come", { issues });
  return [...found.values()];
}

function faultOf({ rows, slotKey }: Send, isToCome: () => boolean, now: Date): string | undefined {
  if (rows.length === 0)
    return isToCome() ? undefined : `${slotKey} is past, or no moment of this assignment; see GET /v1/outbox`;
  const isOpen = rows.some((row) => waitingStates.includes(row.state) || isInFlight(row) || mayGoAgain(row, now));
  return isOpen ? undefined : `${slotKey} is settled: its message is ${rows[0]?.state}`;
}

function isInFlight({ state }: SendRow): boolean {
  return inFlightStates.includes(state);
}

/** Left out by staff, who may think better of it, or for a reason that may pass before its time comes. */
function mayGoAgain(row: SendRow, now: Date): boolean {
  return isLeftOut(row, now) || (row.state === "skipped" && row.dueAt > now);
}

function isLeftOut({ state, reason, expiresAt }: SendRow, now: Date): boolean {
  return state === "skipped" && reason === "skipped_by_staff" && expiresAt > now;
}

interface Decided {
  readonly send: Send;
  readonly outcome: SendOutcome["outcome"];
  /** Absent where nothing is changed. */
  readonly row?: DecidedSend;
}

function decide(
  tx: Ctx,
  { send, input, before }: { send: Send; input: Input; before: DecidedSend | undefined },
): Decided {
  const movable = send.rows.filter((row) => waitingStates.includes(row.state) || isLeftOut(row, tx.now()));
  if (movable.length === 0 && send.rows.some(isInFlight)) return { send, outcome: "in_flight" };
  const after = next(input, before);
  if (!after) return { send, outcome: "unchanged" };
  if (input.decision === "edit") requireFields(withText(send, after), send.assignment, "assignment");
  const row = {
    assignmentId: send.assignment.id,
    slotKey: send.slotKey,
    ...after,
    decidedBy: actorName(tx.actor),
    decidedAt: tx.now(),
  };
  return { send: { ...send, rows: movable }, outcome: OUTCOME[input.decision], row };
}

type Choice = Pick<DecidedSend, "decision" | "subject" | "body">;

function withText({ reminder, slotKey }: Send, text: Choice) {
  const { subject, body } = textOfStep(reminder, stepOfSlot(slotKey));
  return { subject: text.subject ?? subject, body: text.body ?? body, stepMessages: null };
}

/** What stands after a decision. Undefined: it stands already. */
function next({ decision, subject, body }: Input, before: DecidedSend | undefined): Choice | undefined {
  const was = { decision: before?.decision ?? null, subject: before?.subject ?? null, body: before?.body ?? null };
  if (decision === "edit")
    return { ...was, ...(subject !== undefined && { subject }), ...(body !== undefined && { body }) };
  const becomes: Record<Exclude<Input["decision"], "edit">, SendDecision | null> = {
    hold: "hold",
    skip: "skip",
    approve: "approve",
    release: was.decision === "hold" ? null : was.decision,
    unskip: was.decision === "skip" ? null : was.decision,
  };
  return becomes[decision] === was.decision ? undefined : { ...was, decision: becomes[decision] };
}
