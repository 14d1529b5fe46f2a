import { randomInt } from "node:crypto";
import type { PaymentItem } from "@reminder-app/db/schema/payments";
import { type Id, newId } from "@reminder-app/platform/ids";
import type { Business } from "../businesses/businesses.repo.ts";
import { type PolicyChange, changePolicy, policyOf } from "./change-policy.ts";
import type { PaymentRequest } from "./payment-requests.repo.ts";

/** Crockford's base 32: no letters that are read as digits. */
const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LETTERS_OF_A_REFERENCE = 8;

interface Given {
  readonly clientId: Id<"Client">;
  readonly title: string;
  readonly items: readonly PaymentItem[];
  readonly currency: string;
  readonly dueOn: string | null;
  readonly reference?: string | undefined;
  readonly policy?: PolicyChange | undefined;
}

/** A request of which nothing is paid yet. */
export function newPaymentRequest(
  given: Given,
  { business, now }: { business: Pick<Business, "paymentPolicy">; now: Date },
): Omit<PaymentRequest, "businessId"> {
  return {
    id: newId<"PaymentRequest">(),
    clientId: given.clientId,
    reference: given.reference ?? newReference(),
    title: given.title,
    items: [...given.items],
    currency: given.currency,
    total: given.items.reduce((all, { amount }) => all + amount, 0),
    paid: 0,
    disputed: 0,
    processing: 0,
    dueOn: given.dueOn,
    state: "open",
    policy: changePolicy(policyOf(business), given.policy),
    checkoutId: null,
    paidAt: null,
    cancelledAt: null,
    createdAt: now,
    updatedAt: now,
  };
}

/** What a client writes on a transfer: `7K2M-9QXD`, short, and hard to misread. */
function newReference(): string {
  const letters = Array.from({ length: LETTERS_OF_A_REFERENCE }, () => LETTERS[randomInt(LETTERS.length)]).join("");
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}
