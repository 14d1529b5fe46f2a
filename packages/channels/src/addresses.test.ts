import { describe, expect, test } from "vitest";
import { addressSchemas } from "./addresses.ts";

describe("an e-mail address", () => {
  test.each([
    ["anna@client.example", "anna@client.example"],
    [" Anna.B+rent@Client.EXAMPLE ", "Anna.B+rent@client.example"],
    ["info@müller.example", "info@xn--mller-kva.example"],
  ])("%j is kept as %j", (given, kept) => {
    expect(addressSchemas.email.parse(given)).toBe(kept);
  });

  test.each([
    "",
    "anna",
    "@client.example",
    "anna@",
    "anna@client",
    "anna@client.example\r\nBcc: thief@evil.example",
    "anna@client.example\n",
    "an\0na@client.example",
    "anna@client.example, thief@evil.example",
    "Anna <anna@client.example>",
    "anna@[127.0.0.1]",
    `${"a".repeat(245)}@client.example`,
  ])("%j is refused, and the message says what would be right", (given) => {
    expect(addressSchemas.email.safeParse(given).error?.issues).toMatchObject([
      { message: "must be an e-mail address, like anna@example.com" },
    ]);
  });
});

describe.each(["sms", "whatsapp"] as const)("a number for %s", (kind) => {
  test.each([
    ["+44 20 7946 0958", "+442079460958"],
    [" +49 (0)30 / 1234-5678 ", "+493012345678"],
    ["+15005550006", "+15005550006"],
  ])("%j is kept as %j", (given, kept) => {
    expect(addressSchemas[kind].parse(given)).toBe(kept);
  });

  test.each([
    "",
    "020 7946 0958",
    "00442079460958",
    "+44 20",
    "+999 123 456 789",
    "+44 20 7946 0958 ext. 5",
    "call +44 20 7946 0958",
    "+44 20 7946 0958\r\n",
    `+44${"0".repeat(100)}2079460958`,
  ])("%j is refused, and the message says what would be right", (given) => {
    expect(addressSchemas[kind].safeParse(given).error?.issues).toMatchObject([
      { message: "must be a phone number with its country code, like +44 20 7946 0958" },
    ]);
  });

  test("what is no text is refused", () => {
    expect(addressSchemas[kind].safeParse(442079460958).success).toBe(false);
  });
});
