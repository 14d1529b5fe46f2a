import { MINUTE_MS, after } from "@reminder-app/platform/clock";
import type { Id } from "@reminder-app/platform/ids";
import { civilDateIn } from "@reminder-app/schedule/civil-date";
import type { Ctx } from "../ctx.ts";
import { goesInDailyMessage } from "../reminders/effective-schedule.ts";
import { deliveryRepo } from "./deliveries.repo.ts";
import { type Judged, judgeDeliveries } from "./judge-delivery.ts";
import { type Limited, byImportance } from "./limited.ts";
import { recipientZone } from "../clients/recipient-zone.ts";
import { personQueueRepo } from "./person-queue.repo.ts";
import { RECEIPT_STEP } from "./receipts.ts";

/** What is left to go by itself. */
export interface Merged {
  readonly judged: readonly Judged[];
  readonly rivals: readonly Judged[];
}

/**
 * Where the business sends one message a day: of what a person gets on one channel today the most important carries the
 * others as its lines. Answers without those. Call it when it is the transaction's turn to send to these people.
 */
export async function mergeDaily(tx: Ctx, { judged, rivals }: Merged): Promise<Merged> {
  const now = tx.now();
  const lines = new Set<Id<"Delivery">>();
  for (const [{ delivery: carrier }, others] of linesOf({ judged, rivals }, now)) {
    const ids = others.map(({ delivery }) => delivery.id);
    await personQueueRepo(tx).merge(ids, carrier.id, now);
    for (const id of ids) lines.add(id);
  }
  const isLeft = ({ delivery }: Judged) => !lines.has(delivery.id);
  return { judged: judged.filter(isLeft), rivals: rivals.filter(isLeft) };
}

/** Which message is to carry which others. Pure: the outbox asks it too. */
export function linesOf<One extends Limited>(
  { judged, rivals }: { readonly judged: readonly One[]; readonly rivals: readonly One[] },
  now: Date,
): Map<One, One[]> {
  const ours = judged.filter((one) => isMergeable(one, now));
  const groups = Map.groupBy([...ours, ...rivals.filter((one) => isMergeable(one, now))], personAndChannel);
  const wanted = new Set(ours.map(personAndChannel));
  const carried = new Map<One, One[]>();
  for (const [key, group] of groups) {
    const carrier = group.filter(({ delivery }) => isSoon(delivery, now)).toSorted(byImportance)[0];
    if (!carrier || !wanted.has(key) || group.length < 2) continue;
    carried.set(
      carrier,
      group.filter((one) => one !== carrier),
    );
  }
  return carried;
}

function personAndChannel({ delivery: { contactId, channel } }: Limited): string {
  return `${contactId} ${channel}`;
}

/** Due today, open, and never tried: what a provider has seen once stays the message that it is. */
function isMergeable({ delivery, context, verdict }: Limited, now: Date): boolean {
  const { business, reminder } = context;
  if (business.dailyMessageAt === null || !goesInDailyMessage(reminder.type)) return false;
  if (delivery.stepId === RECEIPT_STEP) return false;
  const zone = recipientZone(context);
  const isFresh = verdict.kind === "send" && !delivery.urgent && delivery.tries === 0;
  return isFresh && civilDateIn(zone, delivery.dueAt) <= civilDateIn(zone, now);
}

/** It carries what waits for today only if it goes itself; what was put off to another day does not. */
function isSoon({ nextAt }: Limited["delivery"], now: Date): boolean {
  return nextAt !== null && nextAt <= after(now, MINUTE_MS);
}

/** A message of its own that is listed in another one. */
export type Line = Pick<Judged, "delivery" | "context">;

/**
 * The lines of messages that are about to go, by message. What was stopped since it was merged is filed so, and what has
 * to wait now waits by itself.
 */
export async function openLines(
  tx: Ctx,
  carriers: readonly Id<"Delivery">[],
  provider: string,
): Promise<ReadonlyMap<Id<"Delivery">, Line[]>> {
  const now = tx.now();
  const lines = carriers.length === 0 ? [] : await personQueueRepo(tx).lockLines(carriers);
  const judged = await judgeDeliveries(tx, lines, provider);
  for (const { delivery, verdict } of judged) {
    if (verdict.kind === "send") continue;
    const next =
      verdict.kind === "stop"
        ? { state: verdict.state, reason: verdict.reason, nextAt: null }
        : { state: "queued" as const, reason: verdict.reason, nextAt: verdict.until };
    await deliveryRepo(tx).move([delivery.id], next, { mergedInto: null, updatedAt: now });
  }
  const open = judged.filter(({ verdict }) => verdict.kind === "send");
  return Map.groupBy(open, ({ delivery }) => delivery.mergedInto as Id<"Delivery">);
}

/** What a message waits for that its lines wait for as well; for all else they go without it. */
export const SHARED_REASONS: ReadonlySet<string> = new Set(["capped", "daily_limit", "quiet_hours", "outside_window"]);

/** Let the lines of messages that do not go now go by themselves, unless they wait for the same. */
export async function releaseLines(tx: Ctx, judged: readonly Judged[]): Promise<void> {
  const stuck = judged.filter(
    ({ verdict }) => verdict.kind === "stop" || (verdict.kind === "wait" && !SHARED_REASONS.has(verdict.reason)),
  );
  await personQueueRepo(tx).releaseLinesOf(
    stuck.map(({ delivery }) => delivery.id),
    tx.now(),
  );
}
