import { createHmac, randomUUID } from "node:crypto";
import { twilioStatusUrl } from "@reminder-app/channels/twilio/receipt";
import { applyProviderEvent } from "@reminder-app/core/system/apply-provider-event";
import { openDatabase } from "@reminder-app/db/database";
import { type Id, formatUuid } from "@reminder-app/platform/ids";
import { givenBusiness, liveSystem } from "@reminder-app/testing/given-business";
import { delivererFor, deliveriesOf, givenDue, scriptedChannel } from "@reminder-app/testing/given-delivery";
import { snapshotOf } from "@reminder-app/testing/given-rows";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GivenApi, givenApi } from "../given-api.ts";
import { aNumber, whatsappWebhook } from "./given-signed.ts";

let api: GivenApi;
let database: ReturnType<typeof openDatabase>;
beforeAll(async () => {
  api = await givenApi();
  database = openDatabase({ url: api.settings.DATABASE_URL, connections: 2 });
});
afterAll(() => Promise.all([api.close(), database.close()]));

type Kind = "sms" | "whatsapp";
interface Named {
  readonly token?: string;
  readonly id: string;
}

const providers = { sms: "twilio", whatsapp: "whatsapp" } as const;

/** A firm's message that its provider took, with our token for it and the provider's id. */
async function givenTaken(kind: Kind) {
  const shop = await givenBusiness();
  const client = await shop.client({ contacts: [{ name: "Ada", addresses: { [kind]: aNumber() } }] });
  const { reminder, deliveries } = await givenDue(shop, [client], { channels: [kind] });
  const id = `${kind}-${randomUUID()}`;
  const { channel, calls } = scriptedChannel([{ kind: "accepted", providerMessageId: id }]);
  await delivererFor(shop, { ...channel, kind, provider: providers[kind] })(deliveries[0]!);
  return {
    id,
    token: calls[0]!.token,
    state: async () => (await deliveriesOf(shop, reminder.id))[0]?.state,
    snapshot: () => snapshotOf(shop.ctx.businessId),
  };
}

/** Report `delivered` as the provider does, rightly signed, and apply what was stored as a worker does. */
const report: Record<Kind, (named: Named) => Promise<void>> = {
  async sms({ token = randomUUID(), id }) {
    const fields = { AccountSid: `AC${"0".repeat(32)}`, MessageSid: id, MessageStatus: "delivered" };
    const url = twilioStatusUrl(api.settings.PUBLIC_URL, token);
    const signed = url + Object.entries(fields).flat().join("");
    const signature = createHmac("sha1", "twilio-auth-token-of-tests").update(signed).digest("base64");
    const headers = { "content-type": "application/x-www-form-urlencoded", "x-twilio-signature": signature };
    const body = new URLSearchParams(fields).toString();
    expect((await api.call("POST", new URL(url).pathname, { body, headers })).status).toBe(204);
    await applyStored(id);
  },
  async whatsapp({ token, id }) {
    const status = { id, status: "delivered", ...(token && { biz_opaque_callback_data: token }) };
    expect((await whatsappWebhook(api, { statuses: [status] })()).status).toBe(200);
    await applyStored(id);
  },
};

async function applyStored(id: string): Promise<void> {
  const [rows] = await database.pool.query("select id from provider_events where provider_message_id = ?", [id]);
  const events = rows as { id: Buffer }[];
  expect(events).toHaveLength(1);
  for (const event of events) await applyProviderEvent(liveSystem, formatUuid(event.id) as Id<"ProviderEvent">);
}

describe.each(["sms", "whatsapp"] as const)("a callback about a message by %s", (kind) => {
  test("moves the row that it names, and nothing of another firm (S21)", async () => {
    const [own, other] = await Promise.all([givenTaken(kind), givenTaken(kind)]);
    const before = await other.snapshot();
    await report[kind](own);
    expect([await own.state(), await other.snapshot()]).toEqual(["delivered", before]);
  });

  test("that has one firm's token and another's message id moves neither (S21)", async () => {
    const [own, other] = await Promise.all([givenTaken(kind), givenTaken(kind)]);
    const before = [await own.snapshot(), await other.snapshot()];
    await report[kind]({ token: own.token, id: other.id });
    expect([await own.snapshot(), await other.snapshot()]).toEqual(before);
  });

  test("that has a token of nobody's moves nothing, whatever message it names (S21)", async () => {
    const taken = await givenTaken(kind);
    const before = await taken.snapshot();
    await report[kind]({ token: randomUUID(), id: taken.id });
    expect(await taken.snapshot()).toEqual(before);
  });

  test("that names another provider's message moves nothing (S21)", async () => {
    const taken = await givenTaken(kind === "sms" ? "whatsapp" : "sms");
    const before = await taken.snapshot();
    await report[kind](taken);
    expect(await taken.snapshot()).toEqual(before);
  });
});
