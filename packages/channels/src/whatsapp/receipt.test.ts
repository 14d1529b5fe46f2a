import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { readWhatsappReceipts, verifyWhatsappSignature } from "./receipt.ts";

describe("a signature", () => {
  const rawBody = Buffer.from('{"object":"whatsapp_business_account","text":"\\u00e9 é"}');
  const signedBy = (secret: string) => `sha256=${createHmac("sha256", secret).update(rawBody).digest("hex")}`;
  const verify = (signature: string | undefined, body = rawBody) =>
    verifyWhatsappSignature({ appSecrets: ["next", "current"], rawBody: body, signature });

  test("is right under either of two secrets", () => {
    expect(verify(signedBy("current"))).toBe(true);
    expect(verify(signedBy("next"))).toBe(true);
  });

  test("is wrong for another secret, another body, another form, or when there is none", () => {
    expect(verify(signedBy("other"))).toBe(false);
    expect(verify(signedBy("current"), Buffer.from("{}"))).toBe(false);
    expect(verify(signedBy("current").replace("sha256=", "sha1="))).toBe(false);
    expect(verify(signedBy("current").slice(0, -2))).toBe(false);
    expect(verify(undefined)).toBe(false);
  });
});

describe("a webhook", () => {
  const status = (over: object = {}) => ({
    id: "wamid.1",
    status: "delivered",
    timestamp: "1774612800",
    recipient_id: "442079460958",
    biz_opaque_callback_data: "attempt-1",
    ...over,
  });
  const change = (value: object, field = "messages") => ({
    field,
    value: {
      messaging_product: "whatsapp",
      metadata: { display_phone_number: "15550783881", phone_number_id: "1055" },
      ...value,
    },
  });
  const webhook = (...changes: object[]) => ({
    object: "whatsapp_business_account",
    entry: [{ id: "102", changes }],
  });

  const receiptsOf = (payload: unknown) => readWhatsappReceipts(payload, ["1054", "1055"]);

  test("about a number that is not ours gives no receipt (S53)", () => {
    const payload = webhook(change({ statuses: [status()] }));
    expect(readWhatsappReceipts(payload, ["1054"])).toEqual([]);
    expect(receiptsOf(payload)).toHaveLength(1);
  });

  test("gives a receipt for each status, named by the attempt's token", () => {
    const statuses = [status({ status: "sent" }), status(), status({ status: "read", pricing: { billable: true } })];

    expect(receiptsOf(webhook(change({ statuses })))).toEqual(
      ["sent:accepted", "delivered:delivered", "read:read"].map((pair) => ({
        provider: "whatsapp",
        account: "1055",
        eventKey: `wamid.1:${pair.split(":")[0]}`,
        token: "attempt-1",
        providerMessageId: "wamid.1",
        status: pair.split(":")[1],
      })),
    );
  });

  test("of a failure carries WhatsApp's code and what it says", () => {
    const errors = [{ code: 131047, title: "Re-engagement message", error_data: { details: "More than 24 hours" } }];

    expect(receiptsOf(webhook(change({ statuses: [status({ status: "failed", errors })] })))).toMatchObject([
      { status: "undelivered", code: "whatsapp/131047", reason: "More than 24 hours" },
    ]);
    expect(receiptsOf(webhook(change({ statuses: [status({ status: "failed" })] })))).toMatchObject([
      { status: "undelivered", code: "whatsapp/failed" },
    ]);
  });

  test("without our token is found by the message's id", () => {
    const [receipt] = receiptsOf(webhook(change({ statuses: [status({ biz_opaque_callback_data: undefined })] })));

    expect(receipt).not.toHaveProperty("token");
    expect(receipt).toMatchObject({ providerMessageId: "wamid.1" });
  });

  test("with what clients write, other fields or new kinds of status gives no receipt", () => {
    const inbound = change({ messages: [{ from: "442079460958", id: "wamid.9", type: "text", text: { body: "hi" } }] });
    const template = { field: "message_template_status_update", value: { event: "APPROVED" } };

    expect(receiptsOf(webhook(inbound, template, change({ statuses: [status({ status: "held" })] })))).toEqual([]);
  });

  test.each([
    ["nothing", null],
    ["another object", { object: "page", entry: [] }],
    ["no entries", { object: "whatsapp_business_account" }],
    ["a status without an id", webhook(change({ statuses: [status({ id: undefined })] }))],
    ["a status that is no text", webhook(change({ statuses: [status({ status: { $ne: 1 } })] }))],
    ["no sending number", webhook({ field: "messages", value: { statuses: [status()] } })],
  ])("with %s is malformed", (_name, payload) => {
    expect(() => receiptsOf(payload)).toThrow(expect.objectContaining({ code: "malformed_request" }));
  });
});
