import { type GivenAccount, type GivenPerson, givenAccount, outcomeOf } from "@reminder-app/testing/given-account";
import { type Role, roles } from "@reminder-app/db/schema/members";
import { describe, expect, test } from "vitest";
import { type ChangeMemberInput, changeMember } from "./change-member.ts";
import { checkSession } from "./check-session.ts";
import { pageMembers } from "./page-members.ts";
import { removeMember } from "./remove-member.ts";
import type { z } from "zod";

const forbidden = { code: "forbidden" };
const conflict = { code: "conflict" };
type Change = z.output<typeof ChangeMemberInput>;

const members = async ({ owner }: GivenAccount) => (await pageMembers(owner.ctx, { limit: 100 })).items;
const sessionOf = (system: GivenAccount["system"], person: GivenPerson) =>
  outcomeOf(checkSession(system, { ...person, tokenId: person.sessionId as never, expiresAt: new Date() }));

describe.each([
  ["viewer", [], []],
  ["staff", [], []],
  ["admin", ["viewer", "staff", "admin"], ["viewer", "staff", "admin"]],
  ["owner", roles, roles],
] as const)("a %s", (acting, mayChange, mayGive) => {
  test(`changes ${mayChange.join(", ") || "nobody"}, and gives ${mayGive.join(", ") || "no role"} (S23, J7)`, async () => {
    const given = await givenAccount();
    const { ctx } = await given.join(acting);
    const expected = (allowed: readonly Role[], role: Role) => (allowed.includes(role) ? "done" : "forbidden");
    for (const role of roles) {
      const { memberId } = await given.join(role);
      const outcome = await outcomeOf(changeMember(ctx, memberId, { role }));
      expect(["changes", role, outcome]).toEqual(["changes", role, expected(mayChange, role)]);
    }
    const { memberId } = await given.join("viewer");
    for (const role of roles) {
      const outcome = await outcomeOf(changeMember(ctx, memberId, { role }));
      expect(["gives", role, outcome]).toEqual(["gives", role, expected(mayGive, role)]);
    }
  });
});

test.each([
  ["role", { role: "viewer" }],
  ["limits", { limitedToClients: false }],
  ["place", { disabled: true }],
] as const)("nobody changes their own %s, and nobody removes themselves (S23)", async (_what, change: Change) => {
  const given = await givenAccount();
  const admin = await given.join("admin");
  await given.join("owner");
  for (const { ctx, memberId } of [admin, given.owner]) {
    await expect(changeMember(ctx, memberId, change)).rejects.toMatchObject(forbidden);
    await expect(removeMember(ctx, memberId)).rejects.toMatchObject(forbidden);
  }
});

test("an admin neither touches nor makes an owner (S23)", async () => {
  const given = await givenAccount();
  const [admin, staff] = [await given.join("admin"), await given.join("staff")];
  const { memberId: ownerId } = await given.join("owner");
  for (const change of [{ role: "admin" }, { disabled: true }] as const)
    await expect(changeMember(admin.ctx, ownerId, change)).rejects.toMatchObject(forbidden);
  await expect(removeMember(admin.ctx, ownerId)).rejects.toMatchObject(forbidden);
  await expect(changeMember(admin.ctx, staff.memberId, { role: "owner" })).rejects.toMatchObject(forbidden);
});

test("a disabled owner does not count: the last active one stays (S23)", async () => {
  const given = await givenAccount();
  const second = await given.join("owner");
  const third = await given.join("owner");
  await changeMember(second.ctx, given.owner.memberId, { disabled: true });
  await changeMember(second.ctx, third.memberId, { role: "admin" });
  // A job of ours may do everything, and still not this.
  const ctx = { ...second.ctx, actor: { kind: "system" as const, job: "test" } };
  for (const change of [{ role: "admin" }, { disabled: true }] as const)
    await expect(changeMember(ctx, second.memberId, change)).rejects.toMatchObject(conflict);
  await expect(removeMember(ctx, second.memberId)).rejects.toMatchObject(conflict);
});

test.each([
  ["demote", (by: GivenPerson, of: GivenPerson) => changeMember(by.ctx, of.memberId, { role: "admin" })],
  ["disable", (by: GivenPerson, of: GivenPerson) => changeMember(by.ctx, of.memberId, { disabled: true })],
  ["remove", (by: GivenPerson, of: GivenPerson) => removeMember(by.ctx, of.memberId)],
] as const)("of two owners who %s each other at once one stays (S23)", async (_what, act) => {
  const given = await givenAccount();
  for (let round = 0; round < 3; round += 1) {
    const [one, other] = [given.owner, await given.join("owner")];
    const watcher = await given.join("admin");
    const both = await Promise.allSettled([act(one, other), act(other, one)]);
    expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const { items } = await pageMembers(watcher.ctx, { limit: 100 });
    const owners = items.filter(({ role, disabledAt }) => role === "owner" && !disabledAt);
    expect(owners).toHaveLength(1);
    if (owners[0]?.id !== given.owner.memberId) return;
  }
});

test("disabling ends the member's sessions in this business alone, and can be undone (S06)", async () => {
  const [given, other] = await Promise.all([givenAccount(), givenAccount()]);
  const here = await given.join("staff");
  const there = await other.join("staff", here.email);
  await changeMember(given.owner.ctx, here.memberId, { disabled: true });
  expect(await sessionOf(given.system, here)).toBe("token_revoked");
  expect(await sessionOf(given.system, there)).toBe("done");
  expect(await outcomeOf(given.signIn(here.email))).toBe("invalid_credentials");

  await changeMember(given.owner.ctx, here.memberId, { disabled: false });
  expect(await sessionOf(given.system, here)).toBe("token_revoked");
  expect(await sessionOf(given.system, await given.signIn(here.email))).toBe("done");
});

test("removing a member ends their sessions, keeps their account and what they did, and they may come back (S06)", async () => {
  const [given, other] = await Promise.all([givenAccount(), givenAccount()]);
  const staff = await given.join("staff");
  const there = await other.join("admin", staff.email);
  await removeMember(given.owner.ctx, staff.memberId);
  expect(await sessionOf(given.system, staff)).toBe("token_revoked");
  expect(await sessionOf(given.system, there)).toBe("done");
  expect(await members(given)).toHaveLength(1);
  expect(await given.auditTrail()).toEqual(expect.arrayContaining(["member.joined", "member.removed"]));

  const again = await given.join("viewer", staff.email);
  expect([again.memberId, again.role]).toEqual([staff.memberId, "viewer"]);
});

test("only staff are limited to some clients; another role lifts the limit (S23, J7)", async () => {
  const given = await givenAccount();
  const { memberId } = await given.join("staff");
  const change = (to: Change) => changeMember(given.owner.ctx, memberId, to);
  expect(await change({ limitedToClients: true })).toMatchObject({ role: "staff", limitedToClients: true });
  await expect(change({ role: "admin", limitedToClients: true })).rejects.toMatchObject({ code: "validation_failed" });
  expect(await change({ role: "admin" })).toMatchObject({ role: "admin", limitedToClients: false });
});

test("a change of role is recorded with what was before and after (S67)", async () => {
  const given = await givenAccount();
  const { memberId } = await given.join("staff");
  await changeMember(given.owner.ctx, memberId, { role: "admin" });
  expect((await given.auditTrail()).at(-1)).toBe("member.changed");
});

test("members of another business are not found, and not changed (J6, S20)", async () => {
  const [given, rival] = await Promise.all([givenAccount(), givenAccount()]);
  const { memberId } = await given.join("staff");
  const notFound = { code: "not_found" };
  await expect(changeMember(rival.owner.ctx, memberId, { role: "viewer" })).rejects.toMatchObject(notFound);
  await expect(removeMember(rival.owner.ctx, memberId)).rejects.toMatchObject(notFound);
  expect((await members(given)).map(({ role }) => role)).toEqual(["owner", "staff"]);
  expect((await members(rival)).map(({ id }) => id)).toEqual([rival.owner.memberId]);
});
