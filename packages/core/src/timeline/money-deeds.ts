import { formatMoney } from "../deliveries/format-money.ts";
import type { Deed } from "./client-facts.repo.ts";
import type { ClientFile } from "./client-file.ts";
import { type TimelineEntry, type TimelineKind, entryOf } from "./entry.ts";

/** What the audit trail has of money. */
interface Details {
  readonly amount?: number;
  readonly total?: number;
  readonly currency?: string;
  readonly state?: string;
  readonly refunded?: number;
  readonly disputed?: number;
  readonly paymentRequestId?: string;
}

type Told = readonly [kind: TimelineKind, sentence: string];

interface Telling {
  readonly details: Details;
  /** An amount of the deed, as the business writes money. */
  readonly money: (amount: number | undefined) => string;
  /** What a request is called. */
  readonly nameOf: (id: string | undefined) => string;
  readonly client: string;
  readonly entityId: string;
}

const tellings: Readonly<Record<string, (telling: Telling) => Told>> = {
  "payment_request.created": ({ entityId, nameOf, money, details }) => [
    "payment_request_created",
    `${nameOf(entityId)} was asked for: ${money(details.total)}.`,
  ],
  "payment_request.changed": ({ entityId, nameOf }) => ["payment_request_changed", `${nameOf(entityId)} was changed.`],
  "payment_request.cancelled": ({ entityId, nameOf }) => [
    "payment_request_cancelled",
    `${nameOf(entityId)} is no longer asked for.`,
  ],
  "payment.recorded": ({ money, details }) => ["payment_received", `A payment of ${money(details.amount)} was noted.`],
  "payment.removed": ({ client, money, details }) => [
    "payment_removed",
    `${client}: a payment of ${money(details.amount)}, noted by mistake, was taken back.`,
  ],
  "payment.credited": ({ money, nameOf, details }) => [
    "credit_applied",
    `${money(details.amount)} of the client's credit went to ${nameOf(details.paymentRequestId)}.`,
  ],
  "payment.moved": tellMoved,
};

/** How a payment stands at the provider: what went back and what is disputed says more than that it once arrived. */
function tellMoved({ details, money }: Telling): Told {
  const { amount, state, refunded = 0, disputed = 0 } = details;
  const payment = `payment of ${money(amount)}`;
  if (state === "processing") return ["payment_processing", `A ${payment} is on its way.`];
  if (state === "failed") return ["payment_failed", `A ${payment} failed.`];
  if (disputed > 0) return ["payment_disputed", `The client's bank disputes ${money(disputed)} of a ${payment}.`];
  if (refunded > 0) return ["payment_refunded", `${money(refunded)} of a ${payment} went back to the client.`];
  return ["payment_received", `A ${payment} arrived.`];
}

/** The actions of the audit trail that tell of money. */
export const moneyActions = Object.keys(tellings);

/** What a deed of the audit trail tells of money; undefined where it tells nothing of it. */
export function moneyEntry({ business, client, requests }: ClientFile, deed: Deed): TimelineEntry | undefined {
  const tell = tellings[deed.action];
  if (!tell) return undefined;
  const details: Details = deed.details;
  const { currency = "EUR" } = details;
  const request = (id: string | undefined) => requests.find((one) => one.id === id);
  const [kind, sentence] = tell({
    details,
    client: client.name,
    entityId: deed.entityId,
    money: (amount = 0) => formatMoney({ amount, currency }, business.locale),
    nameOf: (id) => {
      const named = request(id);
      return named ? `“${named.title}” (${named.reference})` : "A payment request";
    },
  });
  return entryOf({ at: deed.at, kind, sentence, by: deed.actor });
}
