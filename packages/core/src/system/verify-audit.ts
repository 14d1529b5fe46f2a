import type { Id } from "@reminder-app/platform/ids";
import { CHAIN_START, digestOf, linkHash } from "../audit/audit-digest.ts";
import type { SystemCtx } from "../ctx.ts";
import { type ChainedEvent, auditChainsRepo } from "./audit-chains.repo.ts";

/** Where a chain stops to hold, and why. */
export interface BrokenLink {
  readonly seq: number;
  readonly reason: string;
}

export interface ChainReport {
  readonly businessId: Id<"Business">;
  /** How many links hold, from the first on. */
  readonly events: number;
  /** Events from before the chain began; nothing can be said about them. */
  readonly unchained: number;
  /** The last hash in hex: kept elsewhere, it also proves that the whole chain was not written anew. */
  readonly head: string;
  readonly broken?: BrokenLink;
}

const PAGE = 1_000;

/** Check the audit chain of one business, or of each, link by link; in pages, so that memory stays bounded. */
export async function* verifyAudit(system: Pick<SystemCtx, "db">, only?: Id<"Business">): AsyncGenerator<ChainReport> {
  if (only) {
    yield await verifyChain(system, only);
    return;
  }
  let cursor: Id<"Business"> | undefined;
  for (;;) {
    const ids = await auditChainsRepo(system.db).businessIds(cursor, PAGE);
    for (const id of ids) yield await verifyChain(system, id);
    cursor = ids.at(-1);
    if (!cursor) return;
  }
}

interface Position {
  readonly seq: number;
  readonly hash: Buffer;
}

async function verifyChain({ db }: Pick<SystemCtx, "db">, businessId: Id<"Business">): Promise<ChainReport> {
  const repo = auditChainsRepo(db);
  const unchained = await repo.countUnchained(businessId);
  const report = ({ seq, hash }: Position, broken?: BrokenLink): ChainReport => ({
    businessId,
    events: seq,
    unchained,
    head: hash.toString("hex"),
    ...(broken && { broken }),
  });

  let position: Position = { seq: 0, hash: CHAIN_START };
  for (;;) {
    // The head after the events: writers move both at once, so what the head counts is there to be read.
    const events = await repo.eventsAfter(businessId, position.seq, PAGE);
    for (const event of events) {
      const fault = faultOf(event, position);
      if (fault) return report(position, { seq: position.seq + 1, reason: fault });
      position = { seq: position.seq + 1, hash: event.hash as Buffer };
    }
    if (events.length === PAGE) continue;
    const head = await repo.head(businessId);
    if (head && head.seq > position.seq && (await repo.eventsAfter(businessId, position.seq, 1)).length > 0) continue;
    const fault = headFault(head, position);
    return fault ? report(position, { seq: position.seq + 1, reason: fault }) : report(position);
  }
}

function faultOf(event: ChainedEvent, { seq, hash }: Position): string | undefined {
  if (event.seq !== seq + 1) return `event ${seq + 1} is missing`;
  if (!event.digest || !event.hash) return "the event has no digest or no hash";
  if (!digestOf(event).equals(event.digest)) return "the event was changed: it does not match its digest";
  if (!linkHash(hash, event.digest).equals(event.hash)) return "the event does not follow the one before it";
  return undefined;
}

function headFault(head: Position | undefined, { seq, hash }: Position): string | undefined {
  if (!head) return seq === 0 ? undefined : "the end of the chain is not on record";
  if (head.seq > seq) return `events ${seq + 1} to ${head.seq} are missing`;
  if (head.seq < seq || !head.hash.equals(hash)) return "the end of the chain is not the last event";
  return undefined;
}
