import { expect, test } from "vitest";
import { badAddress } from "./bad-address.ts";

test.each([
  ["smtp/550/5.1.1", "bounced"],
  ["smtp/553/5.1.3", "bounced"],
  ["smtp/550/5.1.10", "bounced"],
  ["smtp/553/5.1.8", undefined],
  ["smtp/550", undefined],
  ["smtp/552/5.2.2", undefined],
  ["smtp/554/5.7.1", undefined],
  ["twilio/21610", "opted_out"],
  ["twilio/30005", "bounced"],
  ["twilio/30006", "bounced"],
  ["twilio/30003", undefined],
  ["whatsapp/131026", undefined],
  ["constructor", undefined],
])("%s says of the address: %s (D5)", (code, expected) => {
  expect(badAddress(code)).toBe(expected);
});
