import type { Id } from "@reminder-app/platform/ids";
import type { Client } from "../clients/clients.repo.ts";
import { type Contact, loadContacts } from "../clients/contact.ts";
import type { Ctx } from "../ctx.ts";
import { type DecidedSend, type SendKey, decidedSendRepo, sendName } from "./decided-sends.repo.ts";
import { forecastRepo } from "./forecast.repo.ts";
import type { FutureMoment } from "./future-moments.ts";

/** A client with its contacts, as messages reach them. */
export interface ReachedClient {
  readonly client: Client;
  readonly contacts: readonly Contact[];
}

/** What the rows say of moments that were loaded. */
export interface MomentFacts {
  /** Read what is not known yet about these moments. */
  load(moments: readonly FutureMoment[]): Promise<void>;
  /** Undefined for an archived client. */
  reached(clientId: Id<"Client">): ReachedClient | undefined;
  decided(send: SendKey): DecidedSend | undefined;
  /** It was planned before; only a new round would make it new. */
  isPlanned(moment: FutureMoment): boolean;
}

/** The facts of one forecast: each client and assignment is read once, however many messages there are of it. */
export function rememberFacts(ctx: Ctx): MomentFacts {
  const repo = forecastRepo(ctx);
  const asked = new Set<string>();
  const clients = new Map<Id<"Client">, ReachedClient>();
  const decided = new Map<string, DecidedSend>();
  const planned = new Set<string>();

  function fresh<Key extends string>(keys: readonly Key[]): Key[] {
    const unknown = [...new Set(keys)].filter((key) => !asked.has(key));
    for (const key of unknown) asked.add(key);
    return unknown;
  }

  async function loadClients(ids: readonly Id<"Client">[]): Promise<void> {
    if (ids.length === 0) return;
    const contacts = await loadContacts(ctx, ids);
    for (const client of await repo.clientsOf(ids))
      if (client.archivedAt === null) clients.set(client.id, { client, contacts: contacts.get(client.id) ?? [] });
  }

  async function loadAssignments(ids: readonly Id<"Assignment">[]): Promise<void> {
    if (ids.length === 0) return;
    for (const [name, row] of await decidedSendRepo(ctx).ofAssignments(ids)) decided.set(name, row);
    for (const slot of await repo.plannedSteps(ids)) planned.add(slotName(slot));
  }

  return {
    async load(moments) {
      await loadClients(fresh(moments.map(({ assignment }) => assignment.clientId)));
      await loadAssignments(fresh(moments.map(({ assignment }) => assignment.id)));
      const shared = moments
        .filter(({ occurrence }) => occurrence.assignmentId === null)
        .map(({ occurrence }) => occurrence);
      const unknown = new Set(fresh(shared.map(slotName)));
      if (unknown.size === 0) return;
      for (const slot of await repo.plannedShared(shared.filter((one) => unknown.has(slotName(one)))))
        planned.add(slotName(slot));
    },
    reached: (clientId) => clients.get(clientId),
    decided: (send) => decided.get(sendName(send)),
    isPlanned: ({ occurrence }) => planned.has(slotName(occurrence)),
  };
}

function slotName({ reminderId, slotKey }: { reminderId: Id<"Reminder">; slotKey: string }): string {
  return `${reminderId} ${slotKey}`;
}
