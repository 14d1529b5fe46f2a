import type { Id } from "@reminder-app/platform/ids";
import { balanceOf, payableOf, statusOf } from "../payments/balance.ts";
import { type PaymentDeps, canTakePayments } from "../payments/gateway-account.ts";
import type { OpenedCheckout } from "../payments/make-checkout.ts";
import { openCheckout } from "../payments/open-checkout.ts";
import { type PaymentRequest, paymentRequestRepo } from "../payments/payment-requests.repo.ts";
import type { OpenedLink } from "./open-link.ts";
import { recordVisit } from "./record-visit.ts";

const MOST_SHOWN = 200;
/** As many as go into one payment, the oldest first. */
const MOST_AT_ONCE = 50;

/** Something that a client owes. Amounts are minor units of `currency`. */
export interface OpenPayment extends Pick<PaymentRequest, "title" | "reference" | "dueOn" | "currency"> {
  readonly requestId: Id<"PaymentRequest">;
  readonly balance: number;
  /** What of it can be paid now: not what is on its way. */
  readonly payable: number;
  /** The least that may be paid of it; undefined where only the whole may be. */
  readonly leastPart: number | undefined;
}

/** What the client of a link owes, the oldest due date first. */
export async function getOpenPayments({ ctx, clientId }: OpenedLink): Promise<readonly OpenPayment[]> {
  const requests = await paymentRequestRepo(ctx).allOpenOf(clientId, MOST_SHOWN);
  return requests.map((request) => {
    const { id: requestId, title, reference, dueOn, currency, policy } = request;
    const payable = payableOf(request);
    const least = policy.leastPart;
    const leastPart = least !== null && least < payable ? least : undefined;
    return { requestId, title, reference, dueOn, currency, balance: balanceOf(request), payable, leastPart };
  });
}

/** Whether something can be paid online at present. */
export function canPayOnline({ ctx }: OpenedLink): Promise<boolean> {
  return canTakePayments(ctx);
}

/** One request, perhaps a part of it, or all that is owed in a currency. */
export type PayWish =
  | { readonly requestId: Id<"PaymentRequest">; readonly amount?: number | undefined }
  | { readonly currency: string };

interface Paying {
  readonly wish: PayWish;
  readonly network: string;
  readonly locale: string;
  /** Where the client comes back to: having paid for these requests, or not. */
  readonly urls: (ids: readonly Id<"PaymentRequest">[]) => { readonly successUrl: string; readonly cancelUrl: string };
}

/** What came of it, and for which requests. */
export interface PayAnswer {
  readonly checkout: OpenedCheckout;
  readonly ids: readonly Id<"PaymentRequest">[];
}

/**
 * A page at the provider where the client of a link pays today's balance. Throws `not_found` for what is another
 * client's, `conflict` for what is not owed any more, `validation_failed` for a part that is too much or too little.
 */
export async function payByLink(opened: OpenedLink, deps: PaymentDeps, paying: Paying): Promise<PayAnswer> {
  const { ctx, clientId } = opened;
  const { wish, network, locale, urls } = paying;
  const about = "currency" in wish ? wish.currency : wish.requestId;
  await recordVisit(ctx, opened, { use: "paying", about, network });
  const parts = "currency" in wish ? await allIn(opened, wish.currency) : [partOf(wish)];
  const ids = parts.map(({ paymentRequestId }) => paymentRequestId);
  if (ids.length === 0) return { checkout: { kind: "paid" }, ids };
  return { checkout: await openCheckout(ctx, deps, { clientId, parts, locale, ...urls(ids) }), ids };
}

function partOf({ requestId, amount }: Extract<PayWish, { requestId: unknown }>) {
  return { paymentRequestId: requestId, ...(amount !== undefined && { amount }) };
}

async function allIn(opened: OpenedLink, currency: string) {
  const open = await getOpenPayments(opened);
  return open
    .filter((one) => one.currency === currency && one.payable > 0)
    .slice(0, MOST_AT_ONCE)
    .map(({ requestId }) => ({ paymentRequestId: requestId }));
}

/** How the payment of some requests stands: what has arrived, what is on its way, or what is left. */
export interface PaidSoFar {
  readonly kind: "paid" | "processing" | "part" | "open";
  readonly amount: number;
  readonly currency: string;
}

/** Undefined where none of them is the client's. */
export async function getPaidSoFar(
  { ctx, clientId }: OpenedLink,
  ids: readonly Id<"PaymentRequest">[],
): Promise<PaidSoFar | undefined> {
  const found = await paymentRequestRepo(ctx).getMany(ids.slice(0, MOST_AT_ONCE));
  const theirs = found.filter((request) => request.clientId === clientId);
  const currency = theirs[0]?.currency;
  if (currency === undefined) return undefined;
  const sum = (amountOf: (request: PaymentRequest) => number) => theirs.reduce((all, one) => all + amountOf(one), 0);
  const isPaid = theirs.every((request) => ["paid", "overpaid"].includes(statusOf(request)));
  if (isPaid) return { kind: "paid", amount: sum(({ total }) => total), currency };
  const onItsWay = sum(({ processing }) => processing);
  if (onItsWay > 0) return { kind: "processing", amount: onItsWay, currency };
  const left = sum(balanceOf);
  return { kind: theirs.some(({ paid }) => paid > 0) ? "part" : "open", amount: left, currency };
}
