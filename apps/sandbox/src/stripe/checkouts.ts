import { z } from "zod";
import { type Book, type Checkout, find } from "./bank.ts";
import { wrong } from "./failure.ts";
import { requireAmount } from "./money.ts";
import { type Session, nowS, stripeId } from "./objects.ts";
import { parsed, whole } from "./params.ts";

const LEAST_S = 30 * 60;
const MOST_S = 24 * 3_600;
const MINUTE_S = 60;

const metadata = z.record(z.string().max(40), z.string().max(500));
const address = z.url({ protocol: /^https?$/, error: "Not a valid URL" });

const sessionParams = z.strictObject({
  mode: z.literal("payment"),
  line_items: z
    .array(
      z.strictObject({
        quantity: whole(1, 999_999),
        price_data: z.strictObject({
          currency: z.string().transform((code) => code.toLowerCase()),
          unit_amount: whole(0, 10 ** 12),
          product_data: z.strictObject({ name: z.string().min(1) }),
        }),
      }),
    )
    .min(1)
    .max(100),
  client_reference_id: z.string().max(200).optional(),
  metadata: metadata.default({}),
  payment_intent_data: z.strictObject({ metadata: metadata.default({}) }).default({ metadata: {} }),
  expires_at: whole(0, 10 ** 11).optional(),
  success_url: address,
  cancel_url: address.optional(),
  locale: z.string().optional(),
  adaptive_pricing: z.strictObject({ enabled: z.enum(["true", "false"]) }).optional(),
  expand: z.array(z.string()).optional(),
});

/** `address` is where the sandbox is reached by browsers. */
export function createCheckout(book: Book, { params, address: at }: { params: unknown; address: string }): Session {
  const asked = parsed(sessionParams, params);
  const currency = asked.line_items[0]?.price_data.currency ?? "";
  if (asked.line_items.some((item) => item.price_data.currency !== currency))
    throw wrong("line_items", "All line items must have the same currency");
  const lines = asked.line_items.map(({ quantity, price_data: { unit_amount, product_data } }) => ({
    name: product_data.name,
    amount: quantity * unit_amount,
  }));
  const total = lines.reduce((sum, { amount }) => sum + amount, 0);
  requireAmount(total, currency);
  const session = aSession(book, { asked, currency, total, at });
  book.checkouts.set(session.id, { session, lines, paymentMetadata: asked.payment_intent_data.metadata });
  return session;
}

interface NewSession {
  readonly asked: z.output<typeof sessionParams>;
  readonly currency: string;
  readonly total: number;
  readonly at: string;
}

function aSession({ liveMode }: Book, { asked, currency, total, at }: NewSession): Session {
  const id = stripeId(`cs_${liveMode ? "live" : "test"}`);
  return {
    id,
    object: "checkout.session",
    livemode: liveMode,
    created: nowS(),
    mode: "payment",
    currency,
    amount_total: total,
    client_reference_id: asked.client_reference_id ?? null,
    metadata: asked.metadata,
    success_url: asked.success_url,
    cancel_url: asked.cancel_url ?? null,
    expires_at: expiryOf(asked.expires_at),
    locale: asked.locale ?? null,
    status: "open",
    payment_status: "unpaid",
    payment_intent: null,
    url: `${at}/c/pay/${id}`,
  };
}

/** A minute's grace for the way, as clocks differ. */
function expiryOf(wanted: number | undefined): number {
  const now = nowS();
  if (wanted === undefined) return now + MOST_S;
  if (wanted < now + LEAST_S - MINUTE_S)
    throw wrong("expires_at", "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.");
  if (wanted > now + MOST_S + MINUTE_S)
    throw wrong("expires_at", "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.");
  return wanted;
}

/** As it is now: what nobody paid in time has expired. Throws what Stripe answers where there is none. */
export function getCheckout(book: Book, id: string): Checkout {
  const checkout = find(book.checkouts, "checkout.session", id);
  const { session } = checkout;
  if (session.status === "open" && session.expires_at <= nowS()) close(session, "expired");
  return checkout;
}

export function expireCheckout(book: Book, id: string): Session {
  const { session } = getCheckout(book, id);
  if (session.status !== "open")
    throw wrong(
      "session",
      `Only Checkout Sessions with a status in ["open"] can be expired. This one is ${session.status}.`,
    );
  close(session, "expired");
  return session;
}

/** There is nothing to see at its address any more. */
export function close(session: Session, status: "complete" | "expired"): void {
  session.status = status;
  session.url = null;
}
