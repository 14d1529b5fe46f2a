import { TEST_PROVIDER, type UnknownPolicy } from "@reminder-app/channels/channel";
import { MINUTE_MS, after } from "@reminder-app/platform/clock";
import type { Id } from "@reminder-app/platform/ids";
import { businessRepo } from "../businesses/businesses.repo.ts";
import { openAddress } from "../clients/contact.ts";
import { haveLinesChanged, missingLines } from "../documents/missing-items.ts";
import { type Ctx, inTransaction } from "../ctx.ts";
import { deliveryEvents } from "../webhooks/event-facts.ts";
import { emitEvents } from "../webhooks/emit-event.ts";
import { linkUrl } from "../links/link-token.ts";
import { knownPageTokens } from "../links/page-tokens.ts";
import { namesLink } from "../templates/merge-fields.ts";
import { type Attempt, attemptRepo, claimedMessageIds } from "./attempts.repo.ts";
import { composeMessage, writeText } from "./compose-message.ts";
import { type Delivery, deliveryRepo } from "./deliveries.repo.ts";
import { providerEventRepo } from "../system/provider-events.repo.ts";
import type { ReasonCode } from "../reasons.ts";
import type { HandOver } from "./hand-over.ts";
import { linkedOf } from "./link-messages.ts";
import type { NextState } from "./next-state.ts";
import { loadText } from "./load-text.ts";
import { personQueueRepo } from "./person-queue.repo.ts";
import { textFactRepo } from "./text-facts.repo.ts";
import type { DeliveryTiming } from "./timing.ts";

/** What a worker does next with a delivery. */
export type Resolution =
  /** Nothing more to do for this job. */
  | { readonly kind: "done" }
  /** Look again at `until`. */
  | { readonly kind: "wait"; readonly until: Date };

/** What is known about a message whose outcome was unknown. */
type Finding =
  /** The provider has messages like it; the first one that belongs to no other attempt is ours. */
  | { readonly kind: "found"; readonly candidates: readonly string[] }
  | { readonly kind: "sent"; readonly providerMessageId: string }
  | { readonly kind: "absent" }
  | { readonly kind: "resend" }
  | { readonly kind: "hold"; readonly reason: ReasonCode }
  | { readonly kind: "not_yet"; readonly until: Date };

/** Find out, by the channel's policy, what became of an attempt that may or may not have been accepted. */
export async function resolveUnknown(ctx: Ctx, id: Id<"Delivery">, deps: HandOver): Promise<Resolution> {
  const delivery = await deliveryRepo(ctx).get(id);
  const tried = await attemptRepo(ctx).listOf(id);
  const last = tried.at(-1);
  if (delivery.state !== "unknown" || !last) return { kind: "done" };
  // No real provider is asked about a message of a test business.
  if (last.provider === TEST_PROVIDER && deps.channel.provider !== TEST_PROVIDER) return { kind: "done" };

  const readyAt = after(
    delivery.unknownSince ?? last.startedAt,
    waitOf(deps.channel.unknownPolicy, delivery, deps.timing),
  );
  const finding: Finding =
    ctx.now() < readyAt ? { kind: "not_yet", until: readyAt } : await investigate(ctx, { delivery, tried, last, deps });
  return settle(ctx, { delivery, last, finding });
}

interface Case {
  readonly delivery: Delivery;
  readonly tried: readonly Attempt[];
  readonly last: Attempt;
  readonly deps: HandOver;
}

function waitOf(policy: UnknownPolicy, { channel }: Delivery, timing: DeliveryTiming): number {
  const waits = { ask: timing.verifyMs, await_webhook: timing.holdMs, resend_once: timing.retryBaseMs[channel] };
  return waits[policy];
}

async function investigate(ctx: Ctx, found: Case): Promise<Finding> {
  switch (found.deps.channel.unknownPolicy) {
    case "ask":
      return ask(ctx, found);
    case "await_webhook":
      return { kind: "hold", reason: "no_webhook_came" };
    case "resend_once": {
      const { unknownEmail } = await businessRepo(ctx).get();
      if (unknownEmail === "hold") return { kind: "hold", reason: "outcome_unknown" };
      const unknowns = found.tried.filter(({ state }) => state === "unknown" || state === "started").length;
      return unknowns > 1 ? { kind: "hold", reason: "unknown_twice" } : { kind: "resend" };
    }
  }
}

/** Within this time of a change some worker may still send by the account before. */
const ACCOUNT_SETTLES_MS = MINUTE_MS;

async function ask(ctx: Ctx, { delivery, last, deps }: Case): Promise<Finding> {
  const { channel, timing, composer, publicUrl, since } = deps;
  // The present account knows nothing of what went out by another one.
  if (since && after(since, ACCOUNT_SETTLES_MS) >= last.startedAt)
    return { kind: "hold", reason: "account_changed_meanwhile" };
  const [context] = await deliveryRepo(ctx).sendContexts([delivery.id]);
  // Which text each of its lines had is not kept, so a message that lists several cannot be told by its text.
  const hasLines = await personQueueRepo(ctx).hasLines(delivery.id);
  if (!context?.address || !channel.findSent || hasLines) return { kind: "hold", reason: "cannot_be_asked" };
  const { template, payment } = await loadText(ctx, composer.templates, {
    delivery,
    context: { ...context, revision: last.revision },
  });
  const editedSince = context.decided && context.decided.decidedAt > last.startedAt;
  const factsChanged =
    (await textFactRepo(ctx).haveChanged(delivery.id, last.startedAt)) ||
    (await haveLinesChanged(ctx, delivery.assignmentId, { ...template, since: last.startedAt }));
  if (template.revision !== last.revision || editedSince || factsChanged)
    return { kind: "hold", reason: "text_changed_meanwhile" };
  const [token] = await knownPageTokens(ctx, [linkedOf({ delivery })]);
  const link = token === undefined ? undefined : linkUrl(publicUrl, token);
  // The link that it carried was taken away since.
  if (!link && (namesLink(template.subject) || namesLink(template.body)))
    return { kind: "hold", reason: "text_changed_meanwhile" };
  const missing = await missingLines(ctx, delivery.assignmentId, template);
  const reader = { context, channel: delivery.channel, link, missing, payment };
  const content = composeMessage([writeText(composer.renderer, template, reader)], reader);
  try {
    const sent = await channel.findSent(
      {
        to: openAddress(ctx, { ...delivery, address: context.address }),
        text: content.text,
        // Clocks differ, and a message too many to choose from does no harm: what belongs to others is passed over.
        sentAfter: after(last.startedAt, -timing.leaseMs),
      },
      AbortSignal.timeout(timing.providerMs),
    );
    const latest = after(last.startedAt, timing.leaseMs);
    const inTime = sent.filter(({ sentAt }) => sentAt <= latest).map(({ providerMessageId }) => providerMessageId);
    return { kind: "found", candidates: inTime };
  } catch {
    return { kind: "not_yet", until: after(ctx.now(), Math.min(timing.verifyMs, MINUTE_MS)) };
  }
}

async function settle(
  ctx: Ctx,
  { delivery, last, finding: found }: { delivery: Delivery; last: Attempt; finding: Finding },
): Promise<Resolution> {
  return inTransaction(ctx, async (tx) => {
    const present = await deliveryRepo(tx).lock(delivery.id);
    if (present?.state !== "unknown" || present.fence !== delivery.fence) return { kind: "done" };
    const now = tx.now();
    const finding = found.kind === "found" ? await pickOurs(tx, last, found.candidates) : found;
    const next = nextOf(finding, now);
    await deliveryRepo(tx).move([delivery.id], next, {
      updatedAt: now,
      ...(finding.kind === "sent" && { acceptedAt: now }),
    });
    await emitEvents(tx, deliveryEvents(delivery, next));
    if (finding.kind === "sent") {
      await attemptRepo(tx).update(last, { state: "accepted", providerMessageId: finding.providerMessageId });
    }
    if (finding.kind === "absent") await attemptRepo(tx).update(last, { state: "absent" });
    if (finding.kind === "resend" && last.state === "started") await attemptRepo(tx).update(last, { state: "unknown" });
    return next.nextAt ? { kind: "wait", until: next.nextAt } : { kind: "done" };
  });
}

/** Two deliveries may have the same text and number, so a found message is given to one attempt only. */
async function pickOurs(tx: Ctx, { token, provider }: Attempt, candidates: readonly string[]): Promise<Settled> {
  const taken = await claimedMessageIds(tx.db, { token, ids: candidates });
  for (const providerMessageId of candidates.filter((id) => !taken.has(id))) {
    const ours = await providerEventRepo(tx.db).claimFound({ token, provider, providerMessageId }, tx.now());
    if (ours) return { kind: "sent", providerMessageId };
  }
  return { kind: "absent" };
}

type Settled = Exclude<Finding, { readonly kind: "found" }>;

function nextOf(finding: Settled, now: Date): NextState {
  switch (finding.kind) {
    case "sent":
      return { state: "accepted", reason: null, nextAt: null };
    case "absent":
      return { state: "retry", reason: "was_not_sent", nextAt: now };
    case "resend":
      return { state: "retry", reason: "outcome_unknown", nextAt: now };
    case "hold":
      return { state: "held", reason: finding.reason, nextAt: null };
    case "not_yet":
      return { state: "unknown", reason: "outcome_unknown", nextAt: finding.until };
  }
}
