import { randomUUID } from "node:crypto";
import type { CheckoutInput, GatewayAnswer } from "../gateway.ts";

export const aKey = () => randomUUID();

export function aCheckout(changes: Partial<CheckoutInput> = {}): CheckoutInput {
  return {
    key: aKey(),
    currency: "GBP",
    lines: [
      { description: "VAT return", amount: 1_250 },
      { description: "Late fee", amount: 500 },
    ],
    expiresAt: new Date(Date.now() + 23 * 3_600_000),
    successUrl: "https://firm.example/paid",
    cancelUrl: "https://firm.example/back",
    locale: "en-GB",
    ...changes,
  };
}

export function valueOf<Value>(answer: GatewayAnswer<Value>): Value {
  if (answer.kind !== "done") throw new Error(`${answer.kind}: ${answer.reason}`);
  return answer.value;
}
