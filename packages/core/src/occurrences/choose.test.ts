import { expect, test } from "vitest";
import { chooseChannels } from "./choose-channels.ts";
import { chooseRecipients } from "./choose-recipients.ts";

const choice = {
  type: "payment",
  allowed: ["email", "sms", "whatsapp"],
  mode: "first_success",
  preferences: {},
  businessOrder: ["email"],
} as const;
const all = () => true;

test.each([
  ["the business's order when the contact has none", {}, ["email"]],
  ["the contact's order before the business's", { any: ["whatsapp", "email"] }, ["whatsapp"]],
  ["the contact's order for the type before that for all", { any: ["whatsapp"], payment: ["sms"] }, ["sms"]],
  ["nothing for another type", { document: ["sms"] }, ["email"]],
] as const)("a contact is reached by %s (C2)", (_, preferences, expected) => {
  expect(chooseChannels({ ...choice, preferences: structuredClone(preferences) as never }, all)).toEqual(expected);
});

test("a channel that the reminder does not allow is never chosen (C2)", () => {
  expect(chooseChannels({ ...choice, allowed: ["sms"], preferences: { any: ["email"] } }, all)).toEqual(["sms"]);
});

test("a channel without an address is passed over (C2)", () => {
  expect(chooseChannels(choice, (kind) => kind === "whatsapp")).toEqual(["whatsapp"]);
  expect(chooseChannels(choice, () => false)).toEqual([]);
});

test("mode all uses every channel that has an address, in order (C2)", () => {
  expect(chooseChannels({ ...choice, mode: "all" }, (kind) => kind !== "sms")).toEqual(["email", "whatsapp"]);
});

test("without a contact for the type the primary ones are written to, else the oldest (F2)", () => {
  const [primary, billing, other] = [{ roles: ["primary"] }, { roles: ["billing"] }, { roles: [] }] as const;
  expect(chooseRecipients("payment", [primary, billing])).toEqual([billing]);
  expect(chooseRecipients("document", [primary, billing])).toEqual([primary]);
  expect(chooseRecipients("document", [other, billing])).toEqual([other]);
  expect(chooseRecipients("document", [])).toEqual([]);
});
