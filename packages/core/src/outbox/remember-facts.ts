import type { Id } from "@reminder-app/platform/ids";
import type { Assignment } from "../assignments/assignments.repo.ts";
import type { Client } from "../clients/clients.repo.ts";
import { type Contact, loadContacts } from "../clients/contact.ts";
import type { Ctx } from "../ctx.ts";
import { type Outcome, plannedRowsRepo } from "../deliveries/planned-rows.repo.ts";
import { isStopped } from "../occurrences/write-steps.ts";
import { type DecidedSend, type SendKey, decidedSendRepo, sendName } from "./decided-sends.repo.ts";
import { type PlannedStep, forecastRepo } from "./forecast.repo.ts";
import type { FutureMoment } from "./future-moments.ts";

/** A client with its contacts, as messages reach them. */
export interface ReachedClient {
  readonly client: Client;
  readonly contacts: readonly Contact[];
}

/** What the rows say, once they are loaded. */
export interface MomentFacts {
  loadClients(ids: readonly Id<"Client">[]): Promise<void>;
  loadAssignments(ids: readonly Id<"Assignment">[]): Promise<void>;
  /** What became of what was made of steps, by the steps' ids. */
  loadOutcomes(steps: readonly PlannedStep[]): Promise<void>;
  /** Read what is not known yet about these moments. */
  load(moments: readonly FutureMoment[]): Promise<void>;
  /** Undefined for an archived client. */
  reached(clientId: Id<"Client">): ReachedClient | undefined;
  decided(send: SendKey): DecidedSend | undefined;
  /** The steps of an assignment that the ledger has. */
  steps(assignmentId: Id<"Assignment">): readonly PlannedStep[];
  outcomes(step: PlannedStep): readonly Outcome[];
  /** It was planned before, and is not planned again. */
  isPlanned(moment: FutureMoment): boolean;
}

/** The facts of one forecast: each client and assignment is read once, however many messages there are of it. */
export function rememberFacts(ctx: Ctx): MomentFacts {
  const repo = forecastRepo(ctx);
  const fresh = unknownOnly();
  const { loadClients, reached } = rememberClients(ctx, fresh);
  const decided = new Map<string, DecidedSend>();
  const steps = new Map<string, PlannedStep[]>();
  const outcomes = new Map<string, Outcome[]>();
  const shared = new Set<string>();

  async function loadAssignments(wanted: readonly Id<"Assignment">[]): Promise<void> {
    const ids = fresh(wanted);
    if (ids.length === 0) return;
    for (const [name, row] of await decidedSendRepo(ctx).ofAssignments(ids)) decided.set(name, row);
    const found = Map.groupBy(await repo.plannedSteps(ids), ({ assignmentId }) => assignmentId ?? "");
    for (const [id, rows] of found) steps.set(id, rows);
  }

  async function loadOutcomes(wanted: readonly PlannedStep[]): Promise<void> {
    const ids = fresh(wanted.map(({ id }) => id));
    if (ids.length === 0) return;
    const found = await plannedRowsRepo(ctx).outcomesOf(ids);
    for (const [id, rows] of Map.groupBy(found, ({ occurrenceId }) => occurrenceId)) outcomes.set(id, rows);
  }

  async function loadShared(moments: readonly FutureMoment[]): Promise<void> {
    const slots = moments.filter(isShared).map(({ occurrence }) => occurrence);
    const unknown = new Set(fresh(slots.map(slotName)));
    if (unknown.size === 0) return;
    for (const slot of await repo.plannedShared(slots.filter((one) => unknown.has(slotName(one)))))
      shared.add(slotName(slot));
  }

  const stepOf = ({ assignment, occurrence }: FutureMoment) =>
    steps.get(assignment.id)?.find(({ slotKey }) => slotKey === occurrence.slotKey);

  return {
    loadClients,
    loadAssignments,
    loadOutcomes,
    async load(moments) {
      await loadClients(moments.map(({ assignment }) => assignment.clientId));
      await loadAssignments(moments.map(({ assignment }) => assignment.id));
      await loadShared(moments);
      await loadOutcomes(moments.flatMap((moment) => redated(stepOf(moment), moment)));
    },
    reached,
    decided: (send) => decided.get(sendName(send)),
    steps: (assignmentId) => steps.get(assignmentId) ?? [],
    outcomes: ({ id }) => outcomes.get(id) ?? [],
    isPlanned(moment) {
      if (isShared(moment)) return shared.has(slotName(moment.occurrence));
      const step = stepOf(moment);
      if (!step) return false;
      // As the planner does: what never went to anybody and has a later date by now is planned once more.
      return redated(step, moment).length === 0 || !(outcomes.get(step.id) ?? []).every(isStopped);
    },
  };
}

function rememberClients(
  ctx: Ctx,
  fresh: ReturnType<typeof unknownOnly>,
): Pick<MomentFacts, "loadClients" | "reached"> {
  const clients = new Map<Id<"Client">, ReachedClient>();
  return {
    async loadClients(wanted) {
      const ids = fresh(wanted);
      if (ids.length === 0) return;
      const contacts = await loadContacts(ctx, ids);
      for (const client of await forecastRepo(ctx).clientsOf(ids))
        if (client.archivedAt === null) clients.set(client.id, { client, contacts: contacts.get(client.id) ?? [] });
    },
    reached: (clientId) => clients.get(clientId),
  };
}

/** Of some keys those that were not asked about before. */
function unknownOnly() {
  const asked = new Set<string>();
  return <Key extends string>(keys: readonly Key[]): Key[] => {
    const unknown: Key[] = [];
    for (const key of keys) {
      if (asked.has(key)) continue;
      asked.add(key);
      unknown.push(key);
    }
    return unknown;
  };
}

function redated(step: PlannedStep | undefined, { occurrence }: FutureMoment): PlannedStep[] {
  return step && step.dueAt < occurrence.dueAt ? [step] : [];
}

function isShared({ occurrence }: FutureMoment): boolean {
  return occurrence.assignmentId === null;
}

function slotName({ reminderId, slotKey }: Pick<Assignment, "reminderId"> & { slotKey: string }): string {
  return `${reminderId} ${slotKey}`;
}
