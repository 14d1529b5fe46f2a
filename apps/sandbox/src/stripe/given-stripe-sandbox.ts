import { givenSandbox } from "../given-sandbox.ts";

let accounts = 0;

/** A key of an account that no other test of the file has. */
export function aKey(mode = "test"): string {
  accounts += 1;
  return `sk_${mode}_firm${accounts}`;
}

export function aSession<Changes extends object>(changes?: Changes) {
  const price = { currency: "gbp", unit_amount: 12_50, product_data: { name: "VAT return" } };
  return {
    mode: "payment" as const,
    line_items: [{ quantity: 1, price_data: price }],
    client_reference_id: "checkout-1",
    payment_intent_data: { metadata: { checkout: "checkout-1" } },
    success_url: "http://firm.example/paid?session={CHECKOUT_SESSION_ID}",
    cancel_url: "http://firm.example/back",
    ...changes,
  };
}

/** A sandbox as Stripe's own client sees it, with nothing changed but the address. */
export async function givenStripeSandbox(options: Parameters<typeof givenSandbox>[0] = {}) {
  const sandbox = await givenSandbox(options);
  const { hostname, port } = new URL(sandbox.url);

  async function control(method: string, path: string, body: unknown = {}): Promise<unknown> {
    const answer = await sandbox.call(method, `/sandbox/stripe/${path}`, body);
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
    return answer.status === 204 ? undefined : answer.json();
  }

  return {
    ...sandbox,
    control,
    address: { host: hostname, port, protocol: "http", maxNetworkRetries: 0 } as const,
    pay: async (id: string, body: object) => (await control("POST", `checkouts/${id}/pay`, body)) as { id: string },
    /** What a browser sends when a button is pressed. */
    press: (url: string | null, by: string) =>
      fetch(url ?? "", { method: "POST", redirect: "manual", body: new URLSearchParams({ by }) }),
  };
}
