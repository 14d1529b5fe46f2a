import {
  type GivenAccount,
  accountPassword,
  anAccountAddress,
  givenAccount,
  outcomeOf,
} from "@reminder-app/testing/given-account";
import { type Role, roles } from "@reminder-app/db/schema/members";
import { expect, test } from "vitest";
import { changeBusiness } from "../businesses/change-business.ts";
import { changeMember } from "../members/change-member.ts";
import { pageMembers } from "../members/page-members.ts";
import { removeMember } from "../members/remove-member.ts";
import { acceptInvitation } from "./accept-invitation.ts";
import { createInvitation } from "./create-invitation.ts";
import { pageInvitations } from "./page-invitations.ts";
import { revokeInvitation } from "./revoke-invitation.ts";

const person = { name: "Sam Reed", password: accountPassword };
const linkInvalid = { code: "link_invalid" };
const days = (count: number) => count * 86_400_000;

async function invite(given: GivenAccount, role: Role = "staff", email = anAccountAddress(role)) {
  const input = { email, role, limitedToClients: false };
  const { invitation } = await createInvitation(given.owner.ctx, input);
  return { ...invitation, token: await given.tokenFor(email) };
}

const rolesOf = async ({ owner }: GivenAccount) =>
  (await pageMembers(owner.ctx, { limit: 100 })).items.map(({ role }) => role).toSorted();

test.each([
  ["viewer", []],
  ["staff", []],
  ["admin", ["viewer", "staff", "admin"]],
  ["owner", ["viewer", "staff", "admin", "owner"]],
] as const)("a %s may invite as %j and as nothing else (S23, J7)", async (inviting, allowed) => {
  const given = await givenAccount();
  const { ctx } = inviting === "owner" ? given.owner : await given.join(inviting);
  for (const role of roles) {
    const invited = createInvitation(ctx, { email: anAccountAddress(), role, limitedToClients: false });
    const mayInvite = (allowed as readonly Role[]).includes(role);
    expect([role, await outcomeOf(invited)]).toEqual([role, mayInvite ? "done" : "forbidden"]);
  }
});

test("who has not verified their address may work, and may not invite (S15)", async () => {
  const given = await givenAccount({ verified: false });
  await expect(invite(given)).rejects.toMatchObject({ code: "address_unverified" });
  expect((await pageInvitations(given.owner.ctx, { limit: 10 })).items).toEqual([]);
});

test("a person with an account joins with it, and name and password are refused (S15)", async () => {
  const [given, other] = await Promise.all([givenAccount(), givenAccount()]);
  const { token } = await invite(given, "admin", other.owner.email);
  await expect(acceptInvitation(given.system, { token, ...person })).rejects.toMatchObject({
    code: "validation_failed",
  });
  expect(await acceptInvitation(given.system, { token })).toEqual({ businessId: given.businessId, role: "admin" });
  expect(await rolesOf(given)).toEqual(["admin", "owner"]);
  expect((await other.signIn(other.owner.email)).memberId).toBe(other.owner.memberId);
});

test("a person without an account gives both name and password (S15)", async () => {
  const given = await givenAccount();
  const { token } = await invite(given);
  for (const missing of [{}, { name: person.name }, { password: person.password }])
    await expect(acceptInvitation(given.system, { token, ...missing })).rejects.toMatchObject({
      code: "validation_failed",
    });
  await acceptInvitation(given.system, { token, ...person });
});

test("who registered somebody else's address keeps no way in once its owner joins (S15)", async () => {
  const [given, thief] = await Promise.all([givenAccount(), givenAccount({ verified: false })]);
  const { email } = thief.owner;
  const verifying = await thief.tokenFor(email);
  const { token } = await invite(given, "admin", email);
  await acceptInvitation(given.system, { token, name: "Sam Reed", password: "the owner's own words" });

  await expect(thief.signIn(email)).rejects.toMatchObject({ code: "invalid_credentials" });
  await thief.signIn(email, "the owner's own words");
  expect(verifying).not.toBe("");
});

test.each([
  [7, "link_invalid"],
  [6.99, "done"],
])("an invitation that is %f days old is accepted: %s (S26)", async (age, outcome) => {
  const given = await givenAccount();
  const { token } = await invite(given);
  given.clock.advance(days(age));
  expect(await outcomeOf(acceptInvitation(given.system, { token, ...person }))).toBe(outcome);
});

test("of ten who accept at once with one link one joins (S15)", async () => {
  const [given, other] = await Promise.all([givenAccount(), givenAccount()]);
  const { token } = await invite(given, "staff", other.owner.email);
  const all = await Promise.allSettled(Array.from({ length: 10 }, () => acceptInvitation(given.system, { token })));
  expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(await rolesOf(given)).toEqual(["owner", "staff"]);
});

test("an invitation that was taken back, or replaced by a newer one, opens nothing (S26)", async () => {
  const given = await givenAccount();
  const back = await invite(given);
  await revokeInvitation(given.owner.ctx, back.id);
  await revokeInvitation(given.owner.ctx, back.id);
  const older = await invite(given, "admin", "twice@firms.example");
  const newer = await invite(given, "viewer", "twice@firms.example");
  for (const { token } of [back, older])
    await expect(acceptInvitation(given.system, { token, ...person })).rejects.toMatchObject(linkInvalid);
  const { items } = await pageInvitations(given.owner.ctx, { limit: 10 });
  expect(items.map(({ id, state }) => [id, state])).toEqual([
    [newer.id, "open"],
    [older.id, "revoked"],
    [back.id, "revoked"],
  ]);
});

test("an invitation that was accepted cannot be taken back (S26)", async () => {
  const given = await givenAccount();
  const { id, token } = await invite(given);
  await acceptInvitation(given.system, { token, ...person });
  await expect(revokeInvitation(given.owner.ctx, id)).rejects.toMatchObject({ code: "conflict" });
});

test.each([
  ["was removed", { action: "remove" }],
  ["was disabled", { action: { disabled: true } }],
  ["became staff", { action: { role: "staff" as const } }],
])("an invitation is worth nothing once its sender %s (S23)", async (_what, { action }) => {
  const given = await givenAccount();
  const admin = await given.join("admin");
  const email = anAccountAddress();
  await createInvitation(admin.ctx, { email, role: "admin", limitedToClients: false });
  const token = await given.tokenFor(email);
  if (typeof action === "string") await removeMember(given.owner.ctx, admin.memberId);
  else await changeMember(given.owner.ctx, admin.memberId, action);
  await expect(acceptInvitation(given.system, { token, ...person })).rejects.toMatchObject(linkInvalid);
});

test("a member, even a disabled one, is not invited again (S23)", async () => {
  const given = await givenAccount();
  const staff = await given.join("staff");
  await expect(invite(given, "admin", staff.email.toUpperCase())).rejects.toMatchObject({ code: "conflict" });
  await changeMember(given.owner.ctx, staff.memberId, { disabled: true });
  await expect(invite(given, "admin", staff.email)).rejects.toMatchObject({ code: "conflict" });
});

test("only staff are invited to some clients alone (S23)", async () => {
  const given = await givenAccount();
  const limited = (role: Role) =>
    createInvitation(given.owner.ctx, { email: anAccountAddress(), role, limitedToClients: true });
  for (const role of ["viewer", "admin", "owner"] as const)
    await expect(limited(role)).rejects.toMatchObject({ code: "validation_failed" });
  expect((await limited("staff")).invitation.limitedToClients).toBe(true);
});

test("another business neither sees nor takes back an invitation (J6, S20)", async () => {
  const [given, rival] = await Promise.all([givenAccount(), givenAccount()]);
  const { id } = await invite(given);
  expect((await pageInvitations(rival.owner.ctx, { limit: 10 })).items).toEqual([]);
  await expect(revokeInvitation(rival.owner.ctx, id)).rejects.toMatchObject({ code: "not_found" });
});

test("the mail of an invitation makes no link of the names in it (E6)", async () => {
  const given = await givenAccount();
  await changeBusiness(given.owner.ctx, { name: "Win at https://evil.example now" }, { sendsPerDay: 1 });
  const email = anAccountAddress();
  await createInvitation(given.owner.ctx, { email, role: "staff", limitedToClients: false });
  const [mail] = await given.mails(email);
  expect(mail?.subject).toContain("evil.example");
  expect(mail?.text).toContain("/account/invitation/");
  expect(mail?.subject + mail!.text).not.toContain("https://evil");
});
