import { argon2Sync } from "node:crypto";
import { expect, test } from "vitest";
import { hashPassword, isOutdated, passwordMatches } from "./password.ts";

const password = "correct horse battery";

/** A hash as an installation with another cost would have stored it. */
function hashAt({ memory, passes }: { memory: number; passes: number }): string {
  const salt = Buffer.alloc(16, 7);
  const tag = argon2Sync("argon2id", { message: password, nonce: salt, tagLength: 32, memory, passes, parallelism: 1 });
  const base64 = (bytes: Buffer) => bytes.toString("base64").replace(/=+$/, "");
  return `$argon2id$v=19$m=${memory},t=${passes},p=1$${base64(salt)}$${base64(tag)}`;
}

test("a hash says what it cost: argon2id, 19 MiB, two passes, one lane, a salt of its own (S10)", async () => {
  const [one, two] = [await hashPassword(password), await hashPassword(password)];
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
  expect(one).not.toBe(two);
  expect([await passwordMatches(password, one), await passwordMatches(`${password}!`, one)]).toEqual([true, false]);
});

test("a hash of another cost is verified at that cost (S10)", async () => {
  for (const cost of [
    { memory: 8_192, passes: 1 },
    { memory: 24_576, passes: 3 },
  ]) {
    expect(await passwordMatches(password, hashAt(cost))).toBe(true);
    expect(await passwordMatches("another one", hashAt(cost))).toBe(false);
  }
});

test("a hash is outdated when any part of its cost is lower (S10)", async () => {
  const costs = [
    { memory: 8_192, passes: 2 },
    { memory: 19_456, passes: 1 },
    { memory: 19_456, passes: 2 },
    { memory: 24_576, passes: 3 },
  ];
  expect(costs.map((cost) => isOutdated(hashAt(cost)))).toEqual([true, true, false, false]);
});

test("nobody's password matches nothing, and what is no hash is a fault (S10, S14)", async () => {
  expect(await passwordMatches("", undefined)).toBe(false);
  await expect(passwordMatches(password, "plain text")).rejects.toThrow(TypeError);
});

test("at most two passwords are hashed at once and 32 wait; more are refused at once (S10)", async () => {
  const tries = await Promise.allSettled(Array.from({ length: 40 }, () => hashPassword(password)));
  const refused = tries
    .filter(({ status }) => status === "rejected")
    .map((settled) => "reason" in settled && settled.reason);
  expect(refused).toEqual(Array(6).fill(expect.objectContaining({ code: "busy" })));
  expect(await passwordMatches(password, await hashPassword(password))).toBe(true);
});
