import { HOUR_MS, MINUTE_MS, after } from "@reminder-app/platform/clock";
import { type Id, newId } from "@reminder-app/platform/ids";
import { type Ctx, realNow } from "../ctx.ts";
import { type AskedPart, payableParts, sameParts } from "./checkout-parts.ts";
import { type Checkout, checkoutRepo } from "./checkouts.repo.ts";
import { paymentRequestRepo } from "./payment-requests.repo.ts";

/** Under the 24 hours that the provider allows, by clocks that differ. */
export const OPEN_FOR_MS = 23 * HOUR_MS;
/** A page that ends sooner than this is replaced: its client could run out of time. */
const TIME_TO_PAY_MS = 30 * MINUTE_MS;

export interface CheckoutAsked {
  /** Whose link it is; requests of others are not found. */
  readonly clientId: Id<"Client">;
  readonly parts: readonly AskedPart[];
  readonly successUrl: string;
  readonly cancelUrl: string;
  readonly locale?: string | undefined;
}

/** What is to be done before the client can pay; `none` where nobody can pay at all. */
export type Decision =
  | { readonly kind: "paid" | "processing" | "none" }
  | { readonly kind: "make" | "reuse"; readonly checkout: Checkout }
  | { readonly kind: "close"; readonly checkouts: readonly Checkout[] };

/**
 * Decided by one click at a time, for the requests are locked: the live page is used again for the same parts, any other
 * one has to be closed first, and where there is none a new one is written down before the provider is asked for it.
 */
export async function decideCheckout(tx: Ctx, asked: CheckoutAsked, canMake: boolean): Promise<Decision> {
  const repo = checkoutRepo(tx);
  const ids = asked.parts.map(({ paymentRequestId }) => paymentRequestId);
  const found = await paymentRequestRepo(tx).lockMany(ids);
  const requests = found.filter(({ clientId }) => clientId === asked.clientId);
  const payable = payableParts(asked.parts, requests);
  if (payable.kind !== "payable") return payable;
  if (!canMake) return { kind: "none" };
  const { parts } = payable;
  const concerned = requests.filter(({ id }) => parts.some(({ paymentRequestId }) => paymentRequestId === id));
  const live = await repo.liveAmong(concerned.flatMap(({ checkoutId }) => checkoutId ?? []));
  const [first, ...others] = live;
  if (!first) return { kind: "make", checkout: await write(tx, { clientId: asked.clientId, ...payable }) };
  const isSame = others.length === 0 && sameParts(first.parts, parts);
  if (isSame && first.expiresAt > after(realNow(tx), TIME_TO_PAY_MS)) return { kind: "reuse", checkout: first };
  return { kind: "close", checkouts: live };
}

async function write(tx: Ctx, what: Pick<Checkout, "clientId" | "currency"> & Pick<Decided, "parts">) {
  const now = tx.now();
  const checkout: Checkout = {
    businessId: tx.businessId,
    id: newId<"Checkout">(),
    clientId: what.clientId,
    state: "making",
    parts: [...what.parts],
    currency: what.currency,
    amount: what.parts.reduce((sum, { amount }) => sum + amount, 0),
    sessionId: null,
    url: null,
    expiresAt: after(realNow(tx), OPEN_FOR_MS),
    createdAt: now,
    updatedAt: now,
  };
  await checkoutRepo(tx).insert(checkout);
  return checkout;
}

type Decided = Extract<ReturnType<typeof payableParts>, { kind: "payable" }>;
