import { expect, test } from "vitest";
import { readWhatsappInbound } from "./inbound.ts";

const webhook = (messages: unknown[], phone_number_id = "1055") => ({
  object: "whatsapp_business_account",
  entry: [{ changes: [{ field: "messages", value: { metadata: { phone_number_id }, messages } }] }],
});
const from = "442079460958";

test.each([
  ["a text", { type: "text", text: { body: "Stop" } }, "Stop"],
  ["a template's button", { type: "button", button: { text: "Stop", payload: "x" } }, "Stop"],
  ["a reply button", { type: "interactive", interactive: { button_reply: { id: "1", title: "Stop" } } }, "Stop"],
  ["a picture", { type: "image", image: { id: "9" } }, ""],
])("%s that a client sends is read in our words (S72)", (_what, content, text) => {
  expect(readWhatsappInbound(webhook([{ id: "wamid.1", from, ...content }]), ["1055"])).toEqual([
    { provider: "whatsapp", account: "1055", eventKey: "wamid.1", channel: "whatsapp", from: `+${from}`, text },
  ]);
});

test("a message to a number that is not ours, or from none, is left out (S53)", () => {
  const message = { id: "wamid.1", from, type: "text", text: { body: "Stop" } };
  expect(readWhatsappInbound(webhook([message], "1056"), ["1055"])).toEqual([]);
  const read = readWhatsappInbound(webhook([{ ...message, from: "x" }, "?", message]), ["1055"]);
  expect(read.map(({ eventKey }) => eventKey)).toEqual(["wamid.1"]);
});

test("what is not of WhatsApp's form is malformed (S53)", () => {
  expect(() => readWhatsappInbound({ object: "page" }, ["1055"])).toThrow(
    expect.objectContaining({ code: "malformed_request" }),
  );
});
