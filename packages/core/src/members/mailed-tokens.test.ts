import {
  type GivenAccount,
  accountPassword,
  anAccountAddress,
  givenAccount,
  outcomeOf,
} from "@reminder-app/testing/given-account";
import { sha256 } from "@reminder-app/platform/crypto";
import { expect, test } from "vitest";
import { changeEmail, confirmEmail } from "./change-email.ts";
import { checkSession } from "./check-session.ts";
import { memberTokenRepo } from "./member-tokens.repo.ts";
import { memberEmailHashes } from "./member-email.ts";
import { signInRepo } from "./members.repo.ts";
import { forgotPassword, resetPassword } from "./reset-password.ts";
import { secondFactorRepo } from "./second-factor.repo.ts";
import { totpSecretCell } from "./totp-secret.ts";
import { askToVerify, verifyEmail } from "./verify-email.ts";

const newPassword = "staple battery horse";
const minutes = (count: number) => count * 60_000;
const linkInvalid = { code: "link_invalid" };

async function askForReset(given: GivenAccount): Promise<string> {
  await forgotPassword(given.system, { email: given.owner.email });
  return given.tokenFor(given.owner.email);
}

const sessionOf = ({ system, owner }: GivenAccount) =>
  outcomeOf(checkSession(system, { ...owner, tokenId: owner.sessionId as never, expiresAt: new Date() }));

test("a mailed token has 256 random bits, and only its hash is stored (S15)", async () => {
  const given = await givenAccount();
  const tokens = [await askForReset(given), await askForReset(given)];
  expect(new Set(tokens).size).toBe(2);
  expect(tokens.map((token) => Buffer.from(token, "base64url").length)).toEqual([32, 32]);
  const repo = memberTokenRepo(given.system.db);
  const now = given.system.now();
  expect(await repo.findLive(sha256(tokens[1]!), "reset_password", now)).toBeDefined();
  expect(await repo.findLive(Buffer.from(tokens[1]!, "base64url"), "reset_password", now)).toBeUndefined();
});

test("of twenty who use a token at once one succeeds, and later none (S15)", async () => {
  const given = await givenAccount({ verified: false });
  await askToVerify(given.owner.ctx);
  const token = await given.tokenFor(given.owner.email);
  const uses = await Promise.allSettled(Array.from({ length: 20 }, () => verifyEmail(given.system, { token })));
  expect(uses.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  await expect(verifyEmail(given.system, { token })).rejects.toMatchObject(linkInvalid);
});

test.each([
  [59, "done"],
  [60, "link_invalid"],
])("a token that is %i minutes old is used: %s (S15)", async (age, outcome) => {
  const given = await givenAccount();
  const token = await askForReset(given);
  given.clock.advance(minutes(age));
  expect(await outcomeOf(resetPassword(given.system, { token, password: newPassword }))).toBe(outcome);
});

test("a token serves its own purpose and no other (S15)", async () => {
  const given = await givenAccount();
  const token = await askForReset(given);
  await expect(verifyEmail(given.system, { token })).rejects.toMatchObject(linkInvalid);
  await expect(confirmEmail(given.system, { token })).rejects.toMatchObject(linkInvalid);
  await resetPassword(given.system, { token, password: newPassword });
});

test("a newer token replaces an older one of its purpose, and leaves the others (S15)", async () => {
  const given = await givenAccount({ verified: false });
  await askToVerify(given.owner.ctx);
  const verifying = await given.tokenFor(given.owner.email);
  const older = await askForReset(given);
  const newer = await askForReset(given);
  await expect(resetPassword(given.system, { token: older, password: newPassword })).rejects.toMatchObject(linkInvalid);
  await verifyEmail(given.system, { token: verifying });
  await resetPassword(given.system, { token: newer, password: newPassword });
});

test("a reset ends all sessions and tells the address; the old password is refused, the new one signs in (S15, S06)", async () => {
  const given = await givenAccount();
  const { email } = given.owner;
  await resetPassword(given.system, { token: await askForReset(given), password: newPassword });

  expect(await sessionOf(given)).toBe("token_revoked");
  expect((await given.mails(email)).map(({ text }) => text)).toEqual([expect.stringContaining("password")]);
  await expect(given.signIn(email)).rejects.toMatchObject({ code: "invalid_credentials" });
  await given.signIn(email, newPassword);
  expect(await given.auditTrail()).toContain("member.password_reset");
});

test.each([
  ["stays with who verified their address", true, "second_factor_required"],
  ["of somebody who never showed that the address is theirs goes", false, "done"],
])("at a reset the second factor %s (S15, S18)", async (_what, verified, outcome) => {
  const given = await givenAccount({ verified });
  const { memberId, email } = given.owner;
  const factor = secondFactorRepo(given.system.db, memberId);
  await factor.setSecret(given.system.vault.seal("JBSWY3DPEHPK3PXP", totpSecretCell(memberId)));
  await factor.confirm(given.clock.now());
  await resetPassword(given.system, { token: await askForReset(given), password: newPassword });
  expect(await outcomeOf(given.signIn(email, newPassword))).toBe(outcome);
});

test("a refused reset changes nothing (S15)", async () => {
  const given = await givenAccount();
  const token = "A".repeat(43);
  await expect(resetPassword(given.system, { token, password: newPassword })).rejects.toMatchObject(linkInvalid);
  expect(await sessionOf(given)).toBe("done");
  await given.signIn(given.owner.email);
});

test("a reset takes back a change of address that somebody with the old password asked for (S15)", async () => {
  const given = await givenAccount();
  const thief = anAccountAddress("eve");
  await changeEmail(given.owner.ctx, { email: thief });
  const token = await given.tokenFor(thief);
  await resetPassword(given.system, { token: await askForReset(given), password: newPassword });
  await expect(confirmEmail(given.system, { token })).rejects.toMatchObject(linkInvalid);
});

test("an address changes when the mail at the new one is answered: sessions end, and the old one is told (S15)", async () => {
  const given = await givenAccount();
  const [old, next] = [given.owner.email, anAccountAddress("dana.new")];
  await changeEmail(given.owner.ctx, { email: next });
  await given.signIn(old);
  await confirmEmail(given.system, { token: await given.tokenFor(next) });

  expect(await sessionOf(given)).toBe("token_revoked");
  expect((await given.mails(old)).map(({ text }) => text)).toEqual([expect.stringContaining("was changed")]);
  await expect(given.signIn(old)).rejects.toMatchObject({ code: "invalid_credentials" });
  expect((await given.signIn(next)).memberId).toBe(given.owner.memberId);
});

test("what was mailed to the old address works no more after the change (S15)", async () => {
  const given = await givenAccount();
  const next = anAccountAddress("dana.new");
  const reset = await askForReset(given);
  await changeEmail(given.owner.ctx, { email: next });
  await confirmEmail(given.system, { token: await given.tokenFor(next) });
  await expect(resetPassword(given.system, { token: reset, password: newPassword })).rejects.toMatchObject(linkInvalid);
});

test("an address that has an account is not taken: its owner is told, the asker learns nothing (S14, S15)", async () => {
  const [given, other] = await Promise.all([givenAccount(), givenAccount()]);
  await changeEmail(given.owner.ctx, { email: other.owner.email });
  const [mail] = await other.mails(other.owner.email);
  expect(mail).toMatchObject({ token: "", subject: "You have an account already" });
});

test("of two who want one address the later is refused, and keeps the old one (S15)", async () => {
  const [given, other] = await Promise.all([givenAccount(), givenAccount()]);
  const wanted = anAccountAddress();
  await changeEmail(given.owner.ctx, { email: wanted });
  const first = await given.tokenFor(wanted);
  await changeEmail(other.owner.ctx, { email: wanted });
  const second = await other.tokenFor(wanted);
  await confirmEmail(given.system, { token: first });
  await expect(confirmEmail(other.system, { token: second })).rejects.toMatchObject(linkInvalid);
  await other.signIn(other.owner.email);
});

test("only who has verified their address counts as verified, and need not ask again (S15)", async () => {
  const given = await givenAccount({ verified: false });
  const { email } = given.owner;
  const verifiedAt = async () => {
    const hashes = memberEmailHashes(given.system.vault, email);
    return (await signInRepo(given.system.db).findMemberByEmail(hashes))?.emailVerifiedAt;
  };
  expect(await verifiedAt()).toBeNull();
  await verifyEmail(given.system, { token: await given.tokenFor(email) });
  expect(await verifiedAt()).toEqual(given.clock.now());
  await expect(askToVerify(given.owner.ctx)).rejects.toMatchObject({ code: "conflict" });
  await given.signIn(email, accountPassword);
});
