import type { SuppressionReason } from "@reminder-app/db/schema/consent";
import { assignmentRepo } from "../assignments/assignments.repo.ts";
import { recordAudit } from "../audit/record-audit.ts";
import { contactRepo } from "../clients/contacts.repo.ts";
import { type Ctx, inTransaction } from "../ctx.ts";
import { type StopAnswer, stopDeliveries } from "../deliveries/stop-deliveries.ts";
import { emitEvents } from "../webhooks/emit-event.ts";
import { suppressedReason } from "./suppressed-reason.ts";
import { type HashedAddress, suppressionRepo } from "./suppressions.repo.ts";

export interface SuppressionFact extends HashedAddress {
  readonly reason: SuppressionReason;
  /** Where it came from: a link, a word by SMS, a member. */
  readonly source: string;
}

/**
 * Let nothing more go to an address, from the moment this commits, and skip what waits for it. It waits for whoever
 * makes deliveries for the address, so that the stop meets those too.
 */
export async function suppressAddress(ctx: Ctx, fact: SuppressionFact): Promise<StopAnswer> {
  return inTransaction(ctx, async (tx) => {
    const answer = await writeSuppression(tx, fact);
    await auditSuppression(tx, fact, answer);
    return answer;
  });
}

/** What the person asked for, themselves or at their provider; a bounce is no wish. */
const optOuts: ReadonlySet<SuppressionReason> = new Set(["opted_out", "complained"]);

/** {@link suppressAddress} without its entry in the audit trail: for who has more to write before the trail's lock. */
export async function writeSuppression(tx: Ctx, fact: SuppressionFact): Promise<StopAnswer> {
  const { channel, hashes, reason, source } = fact;
  await suppressionRepo(tx).put(fact, { reason, source, createdAt: tx.now() });
  const reached = (await contactRepo(tx).withHashes(hashes)).filter((one) => one.channel === channel);
  if (reached.length === 0) return { cancelled: 0, inFlight: 0 };
  if (optOuts.has(reason)) {
    const events = reached.map(({ contactId, clientId }) => ({ contactId, clientId, channel, reason }));
    await emitEvents(
      tx,
      events.map((data) => ({ type: "contact.opted_out", data })),
    );
  }
  await assignmentRepo(tx).lockOfClients([...new Set(reached.map(({ clientId }) => clientId))]);
  const target = { channel, contactIds: reached.map(({ contactId }) => contactId) };
  return stopDeliveries(tx, target, suppressedReason(reason));
}

export async function auditSuppression(
  tx: Ctx,
  { channel, hashes, reason, source }: SuppressionFact,
  answer: StopAnswer,
): Promise<void> {
  const details = { channel, reason, source, ...answer };
  await recordAudit(tx, "address.suppressed", { entityId: entityOf(hashes), ...details });
}

/** Names an address in the audit trail, by the beginning of its newest hash. */
export function entityOf([newest]: readonly Buffer[]): string {
  return newest?.toString("hex", 0, 16) ?? "";
}
