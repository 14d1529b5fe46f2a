import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { type ReceivedEvent, readStripeEvent } from "./event.ts";

const now = new Date("2026-11-24T12:00:00Z");
const nowS = now.getTime() / 1_000;
const secret = "whsec_of_these_tests";

const about = (object: object, more: object = {}) =>
  JSON.stringify({ id: "evt_1", object: "event", type: "t", livemode: true, data: { object }, ...more });
const body = about({ id: "pi_1", object: "payment_intent" });

function signed(text: string, { by = secret, atS = nowS, tag = "v1" } = {}): string {
  return `${tag}=${createHmac("sha256", by).update(`${atS}.${text}`).digest("hex")}`;
}

function read(changes: Partial<ReceivedEvent> = {}) {
  const signature = `t=${nowS},${signed(body)}`;
  return readStripeEvent({ rawBody: Buffer.from(body), signature, secrets: [secret], now, ...changes });
}

test("an event that is signed over its raw body is believed in its id, mode and what it is about (H3, S51)", () => {
  expect(read()).toEqual({ eventKey: "evt_1", type: "t", liveMode: true, about: { kind: "payment", id: "pi_1" } });
});

const forged = body.replace("pi_1", "pi_2");

test.each<[string, Partial<ReceivedEvent>]>([
  ["another body under its signature", { rawBody: Buffer.from(forged) }],
  ["the same content in other bytes", { rawBody: Buffer.from(`${body} `) }],
  ["another secret", { signature: `t=${nowS},${signed(body, { by: "whsec_other" })}` }],
  ["another time than was signed", { signature: `t=${nowS - 1},${signed(body)}` }],
  ["a time that is none", { signature: `t=now,${signed(body)}` }],
  ["an old scheme", { signature: `t=${nowS},${signed(body, { tag: "v0" })}` }],
  ["half a signature", { signature: `t=${nowS},${signed(body).slice(0, 40)}` }],
  ["no signature", { signature: `t=${nowS}` }],
  ["an empty header", { signature: "" }],
  ["no header", { signature: undefined }],
  ["no secret to hold it against", { secrets: [undefined] }],
  ["an empty secret", { secrets: [""], signature: `t=${nowS},${signed(body, { by: "" })}` }],
])("%s is not believed (H3, S51)", (_what, changes) => {
  expect(read(changes)).toBe("signature_invalid");
});

test.each([
  [300, "is young enough", expect.objectContaining({ eventKey: "evt_1" })],
  [301, "is too old", "too_old"],
])("what was signed %d s ago %s (S51)", (ageS, _how, expected: unknown) => {
  const atS = nowS - ageS;
  expect(read({ signature: `t=${atS},${signed(body, { atS })}` })).toEqual(expected);
});

test("while the secret is changed either one is believed, and of several signatures one is enough (S51)", () => {
  const older = `t=${nowS},${signed(body, { by: "whsec_old" })}`;
  expect(read({ signature: older })).toBe("signature_invalid");
  expect(read({ signature: older, secrets: [secret, "whsec_old"] })).toMatchObject({ eventKey: "evt_1" });
  const both = `t=${nowS},${signed(body, { by: "whsec_of_tomorrow" })},${signed(body)}`;
  expect(read({ signature: both })).toMatchObject({ eventKey: "evt_1" });
});

const payment = { kind: "payment", id: "pi_7" };

test.each<[string, object, object]>([
  [
    "checkout.session.completed",
    { id: "cs_1", object: "checkout.session", payment_intent: "pi_7" },
    { kind: "checkout", id: "cs_1" },
  ],
  ["payment_intent.succeeded", { id: "pi_7", object: "payment_intent" }, payment],
  ["charge.refunded", { id: "ch_1", object: "charge", payment_intent: "pi_7" }, payment],
  ["charge.succeeded", { id: "ch_1", object: "charge", payment_intent: { id: "pi_7" } }, payment],
  [
    "charge.succeeded without a payment",
    { id: "ch_1", object: "charge", payment_intent: null },
    { kind: "other", id: "ch_1" },
  ],
  ["refund.failed", { id: "re_1", object: "refund", payment_intent: "pi_7" }, payment],
  ["charge.dispute.closed", { id: "du_1", object: "dispute", payment_intent: "pi_7" }, payment],
  ["account.updated", { id: "acct_1", object: "account" }, { kind: "account", id: "acct_1" }],
  ["account.application.deauthorized", { id: "ca_1", object: "application" }, { kind: "account", id: "acct_1" }],
  ["payout.paid", { id: "po_1", object: "payout" }, { kind: "other", id: "po_1" }],
])("%s is about what has to be asked after (H3)", (type, object, expected) => {
  const text = about(object, { type, account: "acct_1" });
  const event = read({ rawBody: text, signature: `t=${nowS},${signed(text)}` });
  expect(event).toMatchObject({ type, accountId: "acct_1", about: expected });
});

test.each([
  "",
  "{",
  "[]",
  '{"id":"evt_1"}',
  JSON.stringify({ id: "evt_1", object: "v2.core.event", type: "t", livemode: true }),
])("%s is no event, however well it is signed (S51)", (text) => {
  const came = read({ rawBody: text, signature: `t=${nowS},${signed(text)}` });
  expect(came).toBe(text === "" ? "signature_invalid" : "malformed");
});
