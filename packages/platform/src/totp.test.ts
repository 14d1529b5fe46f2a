import { describe, expect, test } from "vitest";
import { fromBase32, matchTotp, newTotpSecret, toBase32, totpCode, totpUri } from "./totp.ts";

const secret = toBase32(Buffer.from("12345678901234567890"));
const at = (seconds: number) => new Date(seconds * 1_000);

describe("codes are those of RFC 6238, appendix B, by their last six digits (S18)", () => {
  test.each([
    [59, "287082"],
    [1_111_111_109, "081804"],
    [1_111_111_111, "050471"],
    [1_234_567_890, "005924"],
    [2_000_000_000, "279037"],
    [20_000_000_000, "353130"],
  ])("at %i s", (seconds, code) => {
    expect(totpCode(secret, at(seconds))).toBe(code);
    expect(matchTotp(secret, code, { at: at(seconds), window: 0 })).toBe(Math.floor(seconds / 30));
  });
});

test("a code is matched to its own step, one step early or late, and no further (S18)", () => {
  const code = totpCode(secret, at(1_000_000_020));
  const step = 33_333_334;
  const matchedAt = (seconds: number) => matchTotp(secret, code, { at: at(seconds) });
  expect([-30, 0, 29, 30, 59].map((late) => matchedAt(1_000_000_020 + late))).toEqual(Array(5).fill(step));
  expect([-31, 60].map((late) => matchedAt(1_000_000_020 + late))).toEqual([undefined, undefined]);
});

test.each(["", "12345", "1234567", "abcdef", "２８７０８２"])("%j is no code (S18)", (code) => {
  expect(matchTotp(secret, code, { at: at(59) })).toBeUndefined();
});

test("a new secret has 160 random bits, and its URI is what authenticators read (S18)", () => {
  const [one, two] = [newTotpSecret(), newTotpSecret()];
  expect(one).not.toBe(two);
  expect(fromBase32(one)).toHaveLength(20);
  const uri = new URL(totpUri({ secret: one, issuer: "Reminder App", account: "dana@lane.example" }));
  expect([uri.protocol, uri.host, uri.pathname]).toEqual(["otpauth:", "totp", "/Reminder%20App:dana%40lane.example"]);
  expect(Object.fromEntries(uri.searchParams)).toEqual({
    secret: one,
    issuer: "Reminder App",
    digits: "6",
    period: "30",
  });
});

test.each([
  ["", ""],
  ["f", "MY"],
  ["fo", "MZXQ"],
  ["foo", "MZXW6"],
  ["foob", "MZXW6YQ"],
  ["fooba", "MZXW6YTB"],
  ["foobar", "MZXW6YTBOI"],
])("base32 of %j is that of RFC 4648, without padding, and back (S18)", (plain, encoded) => {
  expect(toBase32(Buffer.from(plain))).toBe(encoded);
  expect(fromBase32(encoded).toString()).toBe(plain);
  expect(fromBase32(`${encoded.toLowerCase()}==`).toString()).toBe(plain);
});

test("a character that base32 lacks is refused (S18)", () => {
  expect(() => fromBase32("MZXW1")).toThrow(TypeError);
});
