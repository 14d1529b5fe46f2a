import { DAY_MS, after, latest } from "@reminder-app/platform/clock";
import type { Id } from "@reminder-app/platform/ids";
import { type Verdict, checkSendable } from "../deliveries/check-sendable.ts";
import { MOST_DEFERRED_MS, isDue, settle } from "../deliveries/contact-cap.ts";
import { SHARED_REASONS, linesOf } from "../deliveries/daily-message.ts";
import type { Limited } from "../deliveries/limited.ts";
import type { ForeseenRow } from "./foreseen-row.ts";
import type { FutureSend } from "./future-send.ts";

interface Item {
  readonly send: FutureSend;
  readonly row: ForeseenRow;
  state: "coming" | "waiting" | "line" | "gone" | "stopped";
  nextAt: Date;
  expiresAt: Date;
  reason: string | null;
  /** The message that carries it. */
  into?: Item | undefined;
}

type Seen = Limited & { readonly item: Item };

export interface LimitQuestion {
  readonly now: Date;
  /** When messages went to a person within the last week, the oldest first. */
  readonly sentTo: ReadonlyMap<Id<"Contact">, readonly Date[]>;
}

/**
 * What becomes of messages where a person may get so many only, or one a day: the claims of each person's messages in the
 * order of time, by the claim's own rules. Pure.
 */
export function foreseeLimits(sends: readonly FutureSend[], { now, sentTo }: LimitQuestion): FutureSend[] {
  const going = sends.flatMap((send) => (send.row && isMoving(send) ? [itemOf(send, send.row, now)] : []));
  const byId = new Map(going.map((item) => [item.row.delivery.id, item]));
  for (const item of going) {
    const carrier = item.row.mergedInto && byId.get(item.row.mergedInto);
    if (carrier) Object.assign(item, { state: "line", into: carrier });
  }
  for (const [contactId, items] of Map.groupBy(going, ({ row }) => row.delivery.contactId))
    live(items, { now, times: [...(sentTo.get(contactId) ?? [])] });
  const outcomes = new Map(going.map((item) => [item.send, item]));
  return sends.map((send) => {
    const item = outcomes.get(send);
    return item ? withOutcome(send, item) : send;
  });
}

/** It is made and waits for its claim, which may leave it out; what waits for a person takes nobody's place. */
function isMoving({ status, row }: FutureSend): boolean {
  return row?.delivery.nextAt !== null && status !== "held" && status !== "awaiting_approval";
}

function itemOf(send: FutureSend, row: ForeseenRow, now: Date): Item {
  const { nextAt, expiresAt } = row.delivery;
  const state = row.arrivesAt <= now ? "waiting" : "coming";
  return { send, row, state, nextAt: nextAt ?? row.delivery.dueAt, expiresAt, reason: send.reason };
}

function withOutcome(send: FutureSend, { state, nextAt, reason, into }: Item): FutureSend {
  if (state === "stopped") return { ...send, status: "will_skip", reason, expectedAt: null };
  return { ...send, expectedAt: nextAt, reason: into ? "merged" : reason };
}

interface Life {
  now: Date;
  /** When messages went to the person. */
  readonly times: Date[];
}

/** More claims than this nobody's messages of a span need. */
const MOST_CLAIMS = 100_000;

function live(items: readonly Item[], life: Life): void {
  for (let claims = 0; claims < MOST_CLAIMS; claims += 1) {
    const at = nextInstant(items, life.now);
    if (!at) return;
    life.now = at;
    for (const item of items) if (item.state === "coming" && item.row.arrivesAt <= at) arrive(items, item, at);
    const due = items.filter((item) => item.state === "waiting" && item.nextAt <= at);
    for (const group of Map.groupBy(due, ({ row }) => row.delivery.channel).values()) claim(items, group, life);
  }
}

function nextInstant(items: readonly Item[], now: Date): Date | undefined {
  let first: Date | undefined;
  for (const { state, nextAt, row } of items) {
    const at = state === "waiting" ? nextAt : state === "coming" ? row.arrivesAt : undefined;
    if (at && (!first || at < first)) first = at;
  }
  return first && latest(first, now);
}

/** What waits because of the cap gives way to a newer message about the same work. */
function arrive(items: readonly Item[], item: Item, now: Date): void {
  item.state = "waiting";
  const { assignmentId, dueAt } = item.row.delivery;
  for (const other of items) {
    const isOlder = other.row.delivery.assignmentId === assignmentId && other.row.delivery.dueAt < dueAt;
    if (other.state !== "waiting" || other.reason !== "capped" || !isOlder) continue;
    release(items, other, now);
    Object.assign(other, { state: "stopped", reason: "superseded" });
  }
}

function claim(items: readonly Item[], group: readonly Item[], life: Life): void {
  const { now } = life;
  const ours = group.filter(({ state }) => state === "waiting").map((item) => see(item, now));
  const rivals = items
    .filter((item) => item.state === "waiting" && !group.includes(item))
    .filter(({ row: { delivery } }) => !delivery.urgent && delivery.dueAt < after(now, DAY_MS))
    .map((item) => see(item, now));
  if (ours.some(({ verdict }) => verdict.kind === "send"))
    for (const [carrier, others] of linesOf({ judged: ours, rivals }, now)) merge(items, carrier.item, others);
  const left = (some: readonly Seen[]) => some.filter(({ item }) => item.state === "waiting");
  for (const [seen, verdict] of capped(left(ours), left(rivals), life))
    apply(items, { item: seen.item, verdict }, life);
}

function see(item: Item, now: Date): Seen {
  const { row, nextAt, expiresAt } = item;
  const verdict = checkSendable({ ...row.facts, expiresAt }, now);
  return { item, delivery: { ...row.delivery, nextAt, expiresAt }, context: row.context, verdict };
}

function merge(items: readonly Item[], carrier: Item, others: readonly Seen[]): void {
  for (const { item } of others) {
    for (const line of items) if (line.into === item && line.state === "line") line.into = carrier;
    Object.assign(item, { state: "line", into: carrier, reason: null });
  }
}

function capped(ours: readonly Seen[], rivals: readonly Seen[], { now, times }: Life): Map<Seen, Verdict> {
  const verdicts = new Map(ours.map((one) => [one, one.verdict]));
  const cap = ours[0]?.context.business.contactCap;
  if (!cap) return verdicts;
  const since = after(now, -MOST_DEFERRED_MS);
  const sendable = ours.filter(({ verdict }) => verdict.kind === "send");
  const waiting = rivals.filter(({ verdict, delivery }) => verdict.kind === "send" && isDue(delivery, now));
  const count = { cap, now, times: times.filter((at) => at > since) };
  for (const [one, verdict] of settle(count, sendable, waiting)) verdicts.set(one, verdict);
  return verdicts;
}

function apply(
  items: readonly Item[],
  { item, verdict }: { item: Item; verdict: Verdict },
  { now, times }: Life,
): void {
  if (verdict.kind === "stop") {
    release(items, item, now);
    Object.assign(item, { state: "stopped", reason: verdict.reason });
  } else if (verdict.kind === "wait") {
    if (!SHARED_REASONS.has(verdict.reason)) release(items, item, now);
    Object.assign(item, { nextAt: verdict.until, reason: verdict.reason });
    if (verdict.expiresAt) extend(items, item, verdict.expiresAt);
  } else {
    for (const line of linesIn(items, item))
      apply(items, { item: line, verdict: lineVerdict(line, now) }, { now, times: [] });
    Object.assign(item, { state: "gone", nextAt: now });
    times.push(now);
  }
}

/** A line that has to wait now waits by itself. */
function lineVerdict(line: Item, now: Date): Verdict {
  const { verdict } = see(line, now);
  if (verdict.kind === "wait") Object.assign(line, { state: "waiting", into: undefined });
  if (verdict.kind === "stop") line.into = undefined;
  return verdict;
}

function linesIn(items: readonly Item[], carrier: Item): Item[] {
  return items.filter(({ state, into }) => state === "line" && into === carrier);
}

/** Let the lines of a message wait by themselves again. */
function release(items: readonly Item[], carrier: Item, now: Date): void {
  for (const line of linesIn(items, carrier))
    Object.assign(line, { state: "waiting", into: undefined, nextAt: now, reason: null });
}

function extend(items: readonly Item[], carrier: Item, expiresAt: Date): void {
  carrier.expiresAt = expiresAt;
  for (const line of linesIn(items, carrier)) {
    const most = after(line.row.delivery.dueAt, MOST_DEFERRED_MS);
    line.expiresAt = latest(line.expiresAt, expiresAt < most ? expiresAt : most);
  }
}
