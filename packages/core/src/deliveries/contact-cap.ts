import type { ContactCap } from "@reminder-app/db/schema/businesses";
import { DAY_MS, SECOND_MS, after } from "@reminder-app/platform/clock";
import { civilDateIn, daysAfter, notBeforeTimeOf, startOfDay } from "@reminder-app/schedule/civil-date";
import type { Ctx } from "../ctx.ts";
import type { Verdict } from "./check-sendable.ts";
import type { Judged } from "./judge-delivery.ts";
import { type Limited, byContact, byImportance } from "./limited.ts";
import { recipientZone } from "../clients/recipient-zone.ts";
import { openingFor } from "./opening.ts";
import { personQueueRepo } from "./person-queue.repo.ts";

const WEEK_MS = 7 * DAY_MS;
/** A message is put off for so long after its moment, and no longer. */
export const MOST_DEFERRED_MS = WEEK_MS;
/** So long what is more important has to be claimed, before what waits for it asks again. */
const YIELD_MS = 5 * SECOND_MS;

/**
 * Let each person get as many messages as the business's cap allows, the more important first; `rivals` are what else
 * waits for them. The others are put off. What a person of the business sends at once goes whatever the cap, and counts.
 * Call it when it is the transaction's turn to send to these people.
 */
export async function keepContactCap(tx: Ctx, judged: readonly Judged[], rivals: readonly Judged[]): Promise<Judged[]> {
  const sendable = byContact(judged.filter(({ verdict }) => verdict.kind === "send"));
  const cap = judged[0]?.context.business.contactCap;
  if (!cap || sendable.size === 0) return [...judged];
  const now = tx.now();
  const sent = await personQueueRepo(tx).sentSince([...sendable.keys()], after(now, -WEEK_MS));
  const waiting = byContact(rivals.filter(({ verdict, delivery }) => verdict.kind === "send" && isDue(delivery, now)));

  const verdicts = new Map<Judged, Verdict>();
  for (const [contactId, ours] of sendable) {
    const times = sent.filter((one) => one.contactId === contactId).map(({ at }) => at);
    const settled = settle({ cap, now, times }, ours, waiting.get(contactId) ?? []);
    for (const [one, verdict] of settled) verdicts.set(one, verdict);
  }
  return judged.map((one) => ({ ...one, verdict: verdicts.get(one) ?? one.verdict }));
}

export function isDue({ nextAt }: Pick<Limited["delivery"], "nextAt">, now: Date): boolean {
  return nextAt !== null && nextAt <= now;
}

/** What a person got within a week, the oldest first, and may get. */
export interface Count {
  readonly cap: ContactCap;
  readonly now: Date;
  readonly times: readonly Date[];
}

/** What becomes of those of our messages to one person that cannot go now. Pure: the outbox asks it too. */
export function settle<One extends Limited>(
  { cap, now, times }: Count,
  ours: readonly One[],
  rivals: readonly One[],
): [One, Verdict][] {
  const urgent = ours.filter(({ delivery }) => delivery.urgent);
  const gone = [...times, ...urgent.map(() => now)];
  const queue = [...ours.filter(({ delivery }) => !delivery.urgent), ...rivals].toSorted(byImportance);
  const verdicts: [One, Verdict][] = [];
  let [taken, ahead] = [0, 0];
  for (const one of queue) {
    const isFull = freeAt({ cap, now, times: [...gone, ...Array.from({ length: taken }, () => now)] }, one) > now;
    if (!isFull) taken += 1;
    if (rivals.includes(one)) ahead += isFull ? 0 : 1;
    else if (isFull) verdicts.push([one, ahead > 0 ? yields(now) : deferred({ cap, now, times: gone }, one, taken)]);
  }
  return verdicts;
}

/** It waits until the rivals that go first have gone, and is then counted against them. */
function yields(now: Date): Verdict {
  return { kind: "wait", until: after(now, YIELD_MS), reason: "capped" };
}

/** Put off to the time of its own moment, on the first day on which the person may get one more. */
function deferred({ cap, now, times }: Count, { delivery, context }: Limited, taken: number): Verdict {
  const zone = recipientZone(context);
  const full = { cap, now, times: [...times, ...Array.from({ length: taken }, () => now)] };
  const from = notBeforeTimeOf(delivery.dueAt, zone, freeAt(full, { context }));
  const until = openingFor(context.business, { channel: delivery.channel, zone }, from)?.at ?? from;
  const last = after(delivery.dueAt, MOST_DEFERRED_MS);
  if (until >= last) return { kind: "stop", state: "skipped", reason: "capped" };
  const end = after(until, context.reminder.graceMs);
  const expiresAt = latest(delivery.expiresAt, end < last ? end : last);
  return { kind: "wait", until, reason: "capped", expiresAt };
}

/** When a person may get one more message: now, or when the day or the week that is full has passed. */
function freeAt({ cap: { perDay, perWeek }, now, times }: Count, { context }: Pick<Limited, "context">): Date {
  const zone = recipientZone(context);
  const today = civilDateIn(zone, now);
  const begun = startOfDay(today, zone);
  const isDayFull = perDay !== undefined && times.filter((at) => at >= begun).length >= perDay;
  const oldest = perWeek === undefined ? undefined : times.filter((at) => at > after(now, -WEEK_MS)).at(-perWeek);
  return latest(isDayFull ? startOfDay(daysAfter(today, 1), zone) : now, oldest ? after(oldest, WEEK_MS) : now);
}

function latest(one: Date, other: Date): Date {
  return one > other ? one : other;
}
