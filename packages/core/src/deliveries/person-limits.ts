import { DAY_MS, after } from "@reminder-app/platform/clock";
import type { Id } from "@reminder-app/platform/ids";
import type { Ctx } from "../ctx.ts";
import { MOST_DEFERRED_MS, keepContactCap } from "./contact-cap.ts";
import { type Line, mergeDaily, openLines, releaseLines } from "./daily-message.ts";
import { limitsPersons } from "./limited.ts";
import { type Judged, judgeDeliveries } from "./judge-delivery.ts";
import { personQueueRepo } from "./person-queue.repo.ts";

/** Whether these are of a business that limits what one person gets. */
export function areLimited([first]: readonly Judged[]): boolean {
  return first !== undefined && limitsPersons(first.context.business);
}

/** Whether lines of other messages may go in some of these: also in what was tried when there were such messages still. */
export function mayCarryLines(judged: readonly Judged[]): boolean {
  return areLimited(judged) || judged.some(({ delivery }) => delivery.tries > 0);
}

/**
 * Put what is due for one person on one day into one message, and let as many go as the person may get. Answers without
 * what became a line of another message. Call it when it is the transaction's turn to send to these people.
 */
export async function keepPersonLimits(tx: Ctx, judged: readonly Judged[], provider: string): Promise<Judged[]> {
  const rivals = await findRivals(tx, judged, provider);
  const merged = await mergeDaily(tx, { judged, rivals });
  return keepContactCap(tx, merged.judged, merged.rivals);
}

/** What else waits for the people of `judged`, and whether it might go too. Its rows are locked. */
async function findRivals(tx: Ctx, judged: readonly Judged[], provider: string): Promise<Judged[]> {
  const sendable = judged.filter(({ verdict }) => verdict.kind === "send");
  if (sendable.length === 0) return [];
  const contactIds = [...new Set(sendable.map(({ delivery }) => delivery.contactId))];
  const except = judged.map(({ delivery }) => delivery.id);
  const rows = await personQueueRepo(tx).lockWaiting(contactIds, { except, before: after(tx.now(), DAY_MS) });
  return judgeDeliveries(tx, rows, provider);
}

/** Let the lines of messages follow what was decided about these; answers with those of the messages that go. */
export async function settleLines(
  tx: Ctx,
  judged: readonly Judged[],
  provider: string,
): Promise<ReadonlyMap<Id<"Delivery">, readonly Line[]>> {
  await releaseLines(tx, judged);
  for (const { delivery, verdict } of judged)
    if (verdict.kind === "wait" && verdict.expiresAt)
      await personQueueRepo(tx).extendLines(delivery.id, verdict.expiresAt, MOST_DEFERRED_MS);
  const going = judged.filter(({ verdict }) => verdict.kind === "send");
  return openLines(
    tx,
    going.map(({ delivery }) => delivery.id),
    provider,
  );
}
