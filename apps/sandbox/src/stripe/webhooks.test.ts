import { Stripe } from "stripe";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Callback, givenCallbackReceiver, platform } from "../given-sandbox.ts";
import { aKey, aSession, givenStripeSandbox } from "./given-stripe-sandbox.ts";

type Sandbox = Awaited<ReturnType<typeof givenStripeSandbox>>;

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await givenStripeSandbox();
});
afterAll(() => sandbox.close());

/** Stripe's own client, with nothing changed but the address. */
const clientOf = ({ address }: Sandbox, key: string) => new Stripe(key, address);

interface Told {
  readonly type: string;
  readonly account?: string;
  readonly livemode: boolean;
}

async function givenEndpoint(accountId?: string, statuses?: readonly number[]) {
  const receiver = await givenCallbackReceiver(statuses);
  await sandbox.control("PUT", "endpoints", { ...(accountId && { accountId }), url: receiver.url, secret: "whsec_1" });
  const told = (count = receiver.received.length) =>
    receiver.received.slice(0, count).map(({ body }) => JSON.parse(body) as Told);
  return { ...receiver, told };
}

const secretOf = (key: string) => `acct_${key.split("_")[2] ?? ""}`;

test("what happens is told to the account's endpoint, signed so that the SDK believes it (H3)", async () => {
  const key = aKey();
  const endpoint = await givenEndpoint(secretOf(key));
  const session = await clientOf(sandbox, key).checkout.sessions.create(aSession());

  await sandbox.pay(session.id, { by: "card" });

  expect(endpoint.told().map(({ type }) => type)).toEqual([
    "payment_intent.created",
    "charge.succeeded",
    "payment_intent.succeeded",
    "checkout.session.completed",
  ]);
  const [, , , { body, headers }] = (await endpoint.waitFor(4)) as [Callback, Callback, Callback, Callback];
  const signature = String(headers["stripe-signature"]);
  const event = Stripe.webhooks.constructEvent(body, signature, "whsec_1");
  expect(event).toMatchObject({ livemode: false, data: { object: { id: session.id, status: "complete" } } });
  expect(event.account).toBeUndefined();
  expect(() => Stripe.webhooks.constructEvent(body, signature, "whsec_2")).toThrow(/signature/);
  endpoint.close();
});

test("what happens in a connected account is told to the platform's endpoint, with the account's id (H3, H7)", async () => {
  const endpoint = await givenEndpoint();
  const stripe = clientOf(sandbox, platform.secretKey);
  const account = await stripe.accounts.create({ type: "standard" });
  const session = await stripe.checkout.sessions.create(aSession(), { stripeAccount: account.id });
  await sandbox.pay(session.id, { by: "card" });
  await sandbox.control("DELETE", `accounts/${account.id}`);

  expect(new Set(endpoint.told().map(({ account: of }) => of))).toEqual(new Set([account.id]));
  expect(endpoint.told().at(-1)?.type).toBe("account.application.deauthorized");
  await expect(stripe.accounts.retrieve(account.id)).rejects.toMatchObject({ statusCode: 403 });
  endpoint.close();
});

test("webhooks can be repeated, shuffled, dropped, forged, aged and of the other mode (H3, S51)", async () => {
  const key = aKey();
  const endpoint = await givenEndpoint(secretOf(key));
  const stripe = clientOf(sandbox, key);
  const told = async (conduct: object) => {
    const before = endpoint.received.length;
    await sandbox.control("PUT", "webhooks", conduct);
    const session = await stripe.checkout.sessions.create(aSession());
    await sandbox.pay(session.id, { by: "card" });
    await sandbox.control("DELETE", "webhooks");
    return endpoint.received.slice(before);
  };
  const accepts = ({ body, headers }: { body: string; headers: NodeJS.Dict<string | string[]> }) => {
    try {
      return Stripe.webhooks.constructEvent(body, String(headers["stripe-signature"]), "whsec_1").livemode;
    } catch {
      return "no";
    }
  };

  const repeated = await told({ repeat: 3, order: "shuffled" });
  expect(repeated).toHaveLength(12);
  expect(JSON.parse(repeated[0]?.body ?? "")).toMatchObject({ type: "checkout.session.completed" });
  expect(new Set(repeated.map(({ body }) => body)).size).toBe(4);
  expect(await told({ drop: true })).toEqual([]);
  expect((await told({ signature: "wrong" })).map(accepts)).toEqual(["no", "no", "no", "no"]);
  expect((await told({ ageSeconds: 301 })).map(accepts)).toEqual(["no", "no", "no", "no"]);
  expect((await told({ otherMode: true })).map(accepts)).toEqual([true, true, true, true]);
  endpoint.close();
});

test("an event that is not taken comes again, and any event can be sent anywhere once more (H3)", async () => {
  const key = aKey();
  const endpoint = await givenEndpoint(secretOf(key), [500]);
  const stripe = clientOf(sandbox, key);
  const session = await stripe.checkout.sessions.create(aSession());
  await stripe.checkout.sessions.expire(session.id);

  const received = await endpoint.waitFor(2);
  expect(received[1]?.body).toBe(received[0]?.body);
  const { id } = JSON.parse(received[0]?.body ?? "") as { id: string };
  const answer = await sandbox.control("POST", `events/${id}/send`, {
    to: { url: endpoint.url, secret: "whsec_of_another" },
  });
  expect(answer).toEqual({ answers: [200] });
  endpoint.close();
});
