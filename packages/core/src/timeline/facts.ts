import type { SendDecision } from "@reminder-app/db/schema/deliveries";
import type { TaskKind } from "@reminder-app/db/schema/tasks";
import { suppressedReason } from "../consent/suppressed-reason.ts";
import type { Ctx } from "../ctx.ts";
import { type DecidedSend, decidedSendRepo } from "../outbox/decided-sends.repo.ts";
import { type ReasonCode, reasons } from "../reasons.ts";
import { stepOfSlot } from "../occurrences/plan-assignment.ts";
import type { Task } from "../tasks/tasks.repo.ts";
import { channelNames } from "./channel-names.ts";
import { clientFactRepo } from "./client-facts.repo.ts";
import { type ClientFile, aboutAssignment, nameOf } from "./client-file.ts";
import { type Placed, type TimelineEntry, entryOf } from "./entry.ts";

/** What the rows of a client tell by themselves: few for a client, so they are read whole. */
export async function clientFacts(ctx: Ctx, file: ClientFile): Promise<Placed[]> {
  const repo = clientFactRepo(ctx, [...file.all.keys()]);
  const decided = await decidedSendRepo(ctx).ofAssignments(file.assignments.map(({ id }) => id));
  return [
    ...joined(file),
    ...decisions(file, [...decided.values()]),
    ...consent(file, await repo.suppressionsOf([...file.contacts.keys()])),
    ...(await repo.tasksOf()).flatMap((task) => told(file, task)),
  ];
}

function joined(file: ClientFile): Placed[] {
  return file.assignments.flatMap((assignment) => {
    const reminder = file.reminders.get(assignment.id);
    if (!reminder) return [];
    const about = aboutAssignment(file, assignment);
    const name = nameOf(reminder, assignment);
    const { id, createdAt, closedAt, state } = assignment;
    const came = entryOf({
      at: createdAt,
      kind: "joined",
      sentence: `${name} reminds this client from here on.`,
      ...about,
    });
    if (state !== "exhausted" || !closedAt) return [{ at: createdAt, key: `b${id}`, entry: came }];
    const reason = "assignment_exhausted" as const;
    const ended = {
      at: closedAt,
      kind: "exhausted" as const,
      reason,
      sentence: `${name}: ${reasons[reason]}`,
      ...about,
    };
    return [
      { at: createdAt, key: `b${id}`, entry: came },
      { at: closedAt, key: `x${id}`, entry: entryOf(ended) },
    ];
  });
}

const decisionReasons = {
  hold: "held_by_staff",
  skip: "skipped_by_staff",
  approve: "approved_by_staff",
} as const satisfies Record<SendDecision, ReasonCode>;

function decisions(file: ClientFile, rows: readonly DecidedSend[]): Placed[] {
  return rows.flatMap(({ assignmentId, slotKey, decision, decidedAt, decidedBy }) => {
    const assignment = file.assignments.find(({ id }) => id === assignmentId);
    const reminder = assignment && file.reminders.get(assignment.id);
    if (!assignment || !reminder) return [];
    const stepId = stepOfSlot(slotKey);
    const reason = decision ? decisionReasons[decision] : "edited_by_staff";
    const step = stepId === null ? "" : `, step ${stepId}`;
    const entry = entryOf({
      at: decidedAt,
      kind: "decided",
      reason,
      sentence: `${nameOf(reminder, assignment)}${step}: ${reasons[reason]}`,
      by: decidedBy,
      stepId,
      ...aboutAssignment(file, assignment),
    });
    return [{ at: decidedAt, key: `p${assignmentId} ${slotKey}`, entry }];
  });
}

type Suppressions = Awaited<ReturnType<ReturnType<typeof clientFactRepo>["suppressionsOf"]>>;

function consent({ contacts }: ClientFile, rows: Suppressions): Placed[] {
  return rows.flatMap(({ contactId, channel, reason: why, createdAt, liftedAt }) => {
    const where = `${contacts.get(contactId)}, by ${channelNames[channel]}`;
    const reason = suppressedReason(why);
    const set = { at: createdAt, kind: "suppressed" as const, reason, sentence: `${where}: ${reasons[reason]}` };
    const standing = { at: createdAt, key: `q${contactId} ${channel}`, entry: entryOf(set) };
    if (!liftedAt) return [standing];
    const lifted = { at: liftedAt, kind: "allowed_again" as const, sentence: `${where}: may be written to again.` };
    return [standing, { at: liftedAt, key: `r${contactId} ${channel}`, entry: entryOf(lifted) }];
  });
}

const taskSentences = {
  exhausted: "All steps were sent, and the work is still not done; somebody has to look at it.",
  missed: "Messages were missed in an outage; somebody has to look at it.",
  broken_promise: "The client did not keep a promise; somebody has to look at it.",
  no_due_date: "The next due date could not be worked out; somebody has to look at it.",
  zone_data_old: "The rules of a time zone are out of date; somebody has to look at it.",
  says_paid: "The client says that it was paid another way; somebody has to check it.",
  not_applicable: "The client says that it does not apply to them; somebody has to look at it.",
  overpaid: "More was paid than was owed; somebody has to decide what becomes of it.",
  refunded: "Money went back to the client; somebody has to decide whether it is still owed.",
  payment_disputed: "The client's bank disputes a payment; somebody has to answer it.",
  payment_failed: "A payment failed; somebody may want to talk to the client.",
  document_review: "The client sent documents; somebody has to look at them.",
  link_asked: "The client asked for a new link, and there is no e-mail address to send it to.",
  webhook_failing: "A system of the firm has not taken its events; somebody has to look at it.",
} as const satisfies Record<TaskKind, string>;

function told(file: ClientFile, { id, kind, assignmentId, createdAt, closedAt, closedBy }: Task): Placed[] {
  const assignment = file.assignments.find((one) => one.id === assignmentId);
  const about: Partial<TimelineEntry> = assignment ? aboutAssignment(file, assignment) : {};
  const opened = entryOf({ at: createdAt, kind: "task_opened", sentence: taskSentences[kind], ...about });
  const placed = { at: createdAt, key: `t${id}`, entry: opened };
  if (!closedAt) return [placed];
  const sentence = "Staff dealt with what there was to look at.";
  const closed = entryOf({ at: closedAt, kind: "task_closed", sentence, by: closedBy, ...about });
  return [placed, { at: closedAt, key: `u${id}`, entry: closed }];
}
