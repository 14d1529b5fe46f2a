import { createVault } from "@reminder-app/platform/crypto";
import { newId } from "@reminder-app/platform/ids";
import { expect, test } from "vitest";
import { readUnsubscribeToken, unsubscribeUrl } from "./unsubscribe-link.ts";

const encryptionKeys = new Map([[1, Buffer.alloc(32, 1)]]);
const vaultOf = (...keys: readonly number[]) =>
  createVault({ encryptionKeys, lookupKeys: new Map(keys.map((key) => [key, Buffer.alloc(32, key)])) });
const linked = { businessId: newId<"Business">(), deliveryId: newId<"Delivery">() };

function tokenOf(vault = vaultOf(1)): string {
  const url = unsubscribeUrl({ vault, publicUrl: "https://reminders.example/" }, linked);
  expect(url).toMatch(/^https:\/\/reminders\.example\/u\/[\w-]{86}$/);
  return url.slice(url.lastIndexOf("/") + 1);
}

test("a link names its message, also after the look-up key was changed (S70)", () => {
  expect(readUnsubscribeToken(vaultOf(1), tokenOf())).toEqual(linked);
  expect(readUnsubscribeToken(vaultOf(2, 1), tokenOf())).toEqual(linked);
});

test("a token of another key, for another message, cut short or altered at any place is none of ours (S70)", () => {
  const token = tokenOf();
  expect(readUnsubscribeToken(vaultOf(2), token)).toBeUndefined();
  for (let at = 0; at < token.length; at += 1) {
    const altered = `${token.slice(0, at)}${token[at] === "A" ? "B" : "A"}${token.slice(at + 1)}`;
    expect(readUnsubscribeToken(vaultOf(1), altered)).toBeUndefined();
    expect(readUnsubscribeToken(vaultOf(1), token.slice(0, at))).toBeUndefined();
  }
  for (const other of [`${token}A`, `${token}=`, "", "a".repeat(86), `${token.slice(0, -1)}é`])
    expect(readUnsubscribeToken(vaultOf(1), other)).toBeUndefined();
});

test("a hash made for another purpose is no proof (S70)", () => {
  const vault = vaultOf(1);
  const other = vault.lookup("address-email", `${linked.businessId}.${linked.deliveryId}`);
  const ids = Buffer.from((linked.businessId + linked.deliveryId).replaceAll("-", ""), "hex");
  const token = Buffer.concat([ids, other]).toString("base64url");
  expect(token).toHaveLength(tokenOf(vault).length);
  expect(readUnsubscribeToken(vault, token)).toBeUndefined();
});
