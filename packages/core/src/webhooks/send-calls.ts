import type { WebhookAnswer, WebhookClient } from "@reminder-app/channels/webhooks/client";
import { SECOND_MS, after } from "@reminder-app/platform/clock";
import type { Id } from "@reminder-app/platform/ids";
import { type Ctx, inTransaction } from "../ctx.ts";
import { openTask } from "../tasks/open-task.ts";
import { originOf } from "./endpoint-input.ts";
import { nextTryAt } from "./next-try.ts";
import { type WebhookCall, type WebhookTry, webhookCallRepo } from "./webhook-calls.repo.ts";
import { type WebhookEndpoint, webhookEndpointRepo } from "./webhook-endpoints.repo.ts";
import { type WebhookEvent, webhookEventRepo } from "./webhook-events.repo.ts";
import { secretsOf, signatureOf } from "./webhook-secret.ts";

/** So many calls are on their way to one endpoint at once. */
export const CALLS_AT_ONCE = 10;
/** Longer than a call with its record: whoever claimed it and died is replaced after it. */
const CLAIM_MS = 15 * SECOND_MS;

/** What came of some calls to an endpoint. */
export interface Sent {
  readonly delivered: number;
  readonly failed: number;
}

/**
 * Try what waits for an endpoint and is due: claim (commit), post, record (commit). Two that do so at once try each
 * call once. A call that was cut off after its post is tried again, with the same event id.
 */
export async function sendCalls(
  ctx: Ctx,
  endpointId: Id<"WebhookEndpoint">,
  client: Pick<WebhookClient, "post">,
): Promise<Sent> {
  const endpoint = await webhookEndpointRepo(ctx).find(endpointId);
  if (endpoint?.state !== "active") return { delivered: 0, failed: 0 };
  const claimed = await claimCalls(ctx, endpointId);
  const events = await webhookEventRepo(ctx).some(claimed.map(({ eventId }) => eventId));
  const outcomes = await Promise.all(
    claimed.map((call) => tryCall(ctx, { call, endpoint, event: events.get(call.eventId), client })),
  );
  const delivered = outcomes.filter(Boolean).length;
  return { delivered, failed: outcomes.length - delivered };
}

/** Each with the number of the try that is ours. It is on record before a byte leaves. */
async function claimCalls(ctx: Ctx, endpointId: Id<"WebhookEndpoint">): Promise<WebhookCall[]> {
  return inTransaction(ctx, async (tx) => {
    const now = tx.now();
    const repo = webhookCallRepo(tx);
    const due = await repo.lockDue(endpointId, now, CALLS_AT_ONCE);
    if (due.length === 0) return [];
    await repo.claim(
      due.map(({ id }) => id),
      { nextAt: after(now, CLAIM_MS), now },
    );
    const claimed = due.map((call) => ({ ...call, tries: call.tries + 1 }));
    await repo.insertTries(claimed.map(({ id, tries }) => ({ ...begun, callId: id, number: tries, startedAt: now })));
    return claimed;
  });
}

/** What stands in the log of a try that was cut off: nobody knows whether it arrived. */
const begun: Pick<WebhookTry, "status" | "problem" | "tookMs"> = { status: null, problem: "cut_off", tookMs: 0 };

interface Trying {
  readonly call: WebhookCall;
  readonly endpoint: WebhookEndpoint;
  readonly event: WebhookEvent | undefined;
  readonly client: Pick<WebhookClient, "post">;
}

/** Whether it was delivered. */
async function tryCall(ctx: Ctx, { call, endpoint, event, client }: Trying): Promise<boolean> {
  if (!event) throw new Error(`The event of webhook call ${call.id} is gone`);
  const startedAt = performance.now();
  const answer = await client.post(postOf(ctx, endpoint, event));
  const tookMs = Math.round(performance.now() - startedAt);
  const isDelivered = "status" in answer && answer.status >= 200 && answer.status < 300;
  await inTransaction(ctx, async (tx) => {
    const repo = webhookCallRepo(tx);
    await repo.finishTry({ callId: call.id, number: call.tries }, { ...said(answer, isDelivered), tookMs });
    if (isDelivered) await repo.settle(call, { state: "delivered", nextAt: null, updatedAt: tx.now() });
    else await postpone(tx, { call, endpoint, answer });
  });
  return isDelivered;
}

function postOf(ctx: Ctx, endpoint: WebhookEndpoint, { id, type, createdAt, businessId, data }: WebhookEvent) {
  const body = JSON.stringify({ id, type, createdAt, businessId, data });
  const at = ctx.now();
  return {
    url: endpoint.url,
    body,
    headers: {
      "content-type": "application/json",
      "user-agent": "Reminder-App-Webhooks/1",
      "reminder-event-id": id,
      "reminder-signature": signatureOf(body, { secrets: secretsOf(ctx, endpoint, at), at }),
    },
  };
}

function said(answer: WebhookAnswer, isDelivered: boolean): Pick<WebhookTry, "status" | "problem"> {
  if (!("status" in answer)) return { status: null, problem: answer.problem };
  const isRedirect = answer.status >= 300 && answer.status < 400;
  return { status: answer.status, problem: isDelivered ? null : isRedirect ? "redirect" : "status" };
}

/** When its three days are over, staff are told, once for the endpoint. */
async function postpone(
  tx: Ctx,
  { call, endpoint, answer }: { call: WebhookCall; endpoint: WebhookEndpoint; answer: WebhookAnswer },
): Promise<void> {
  const repo = webhookCallRepo(tx);
  const now = tx.now();
  const firstTriedAt = (await repo.firstTriedAt(call.id)) ?? now;
  const retryAt = "status" in answer ? answer.retryAt : undefined;
  const nextAt = nextTryAt({ now, tries: call.tries, firstTriedAt, retryAt });
  const next = nextAt ? { nextAt } : { state: "failed" as const, nextAt: null };
  const isOurs = await repo.settle(call, { ...next, updatedAt: now });
  if (!isOurs || nextAt) return;
  const note = `Calls to ${originOf(endpoint.url)} were not taken for three days`.slice(0, 500);
  await openTask(tx, { kind: "webhook_failing", subject: `webhook:${endpoint.id}`, note });
}
