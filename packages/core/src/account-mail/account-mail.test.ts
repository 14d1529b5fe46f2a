import type { SendResult } from "@reminder-app/channels/channel";
import { type GivenAccount, anAccountAddress, givenAccount } from "@reminder-app/testing/given-account";
import { scriptedChannel } from "@reminder-app/testing/given-delivery";
import type { Id } from "@reminder-app/platform/ids";
import { expect, test } from "vitest";
import { forgotPassword } from "../members/reset-password.ts";
import { accountMailRepo } from "./account-mails.repo.ts";
import { askForMail } from "./ask-for-mail.ts";
import { sendAccountMail } from "./send-account-mail.ts";

const accepted: SendResult = { kind: "accepted", providerMessageId: "m-1" };
const refused: SendResult = { kind: "refused", code: "smtp/550", reason: "no such mailbox" };
const throttled: SendResult = { kind: "throttled", code: "unreachable", reason: "away" };
const ambiguous: SendResult = { kind: "ambiguous", reason: "cut off" };
const publicUrl = "https://reminders.example/";

function senderFor({ system }: GivenAccount, answers: readonly SendResult[]) {
  const { channel, calls } = scriptedChannel(answers);
  return { calls, send: (id: Id<"AccountMail">) => sendAccountMail({ system, channel, publicUrl }, id) };
}

const find = ({ system }: GivenAccount, id: Id<"AccountMail">) => accountMailRepo(system.db).find(id);
const notice = ({ system }: GivenAccount) =>
  askForMail(system, { kind: "account_changed", email: anAccountAddress(), subjectId: "password" });

test("a link leads to our own page, and the mail comes from the app itself (S15)", async () => {
  const given = await givenAccount();
  const { send, calls } = senderFor(given, [accepted]);
  await send(await forgotPassword(given.system, { email: given.owner.email }));
  expect(calls).toMatchObject([{ to: given.owner.email, senderName: "Reminder App" }]);
  expect(calls[0]?.content.text).toMatch(/\nhttps:\/\/reminders\.example\/account\/reset\/[\w-]{43}\n/);
  expect(calls[0]?.content.html).toMatch(/<a href="https:\/\/reminders\.example\/account\/reset\/[\w-]{43}"/);
});

test("mail goes to the address as it is stored, not as somebody wrote it (S15)", async () => {
  const given = await givenAccount();
  const { send, calls } = senderFor(given, [accepted, accepted]);
  const email = given.owner.email.toUpperCase();
  await send(await forgotPassword(given.system, { email }));
  await send(await askForMail(given.system, { kind: "already_registered", email }));
  expect(calls.map(({ to }) => to)).toEqual([given.owner.email, given.owner.email]);
});

test("an address that nobody has gets nothing, and its row is gone (S14)", async () => {
  const given = await givenAccount();
  const { send, calls } = senderFor(given, []);
  const asked = [
    await forgotPassword(given.system, { email: anAccountAddress() }),
    await askForMail(given.system, { kind: "verify_email", email: anAccountAddress() }),
    await askForMail(given.system, { kind: "already_registered", email: anAccountAddress() }),
  ];
  for (const id of asked) await send(id);
  expect(calls).toEqual([]);
  expect(await Promise.all(asked.map((id) => find(given, id)))).toEqual([undefined, undefined, undefined]);
});

test.each([
  ["throttled", throttled],
  ["uncertain", ambiguous],
])("a mail whose sending was %s is tried again, later and later (C8)", async (_what, result) => {
  const given = await givenAccount();
  const { send, calls } = senderFor(given, [result, result, accepted]);
  const id = await notice(given);
  const waits: number[] = [];
  for (let nextAt = await send(id); nextAt; nextAt = await send(id)) {
    waits.push(nextAt.getTime() - given.clock.now().getTime());
    expect(await send(id)).toEqual(nextAt);
    given.clock.set(nextAt);
  }
  expect(waits[1]).toBeGreaterThan(waits[0]!);
  expect(calls).toHaveLength(3);
  expect(await find(given, id)).toBeUndefined();
});

test("a refusal for good drops the mail (C8)", async () => {
  const given = await givenAccount();
  const { send, calls } = senderFor(given, [refused]);
  const id = await notice(given);
  expect(await send(id)).toBeUndefined();
  expect([calls.length, await find(given, id)]).toEqual([1, undefined]);
});

test("a mail that nobody took for a day is given up (C8)", async () => {
  const given = await givenAccount();
  const { send, calls } = senderFor(given, [throttled, throttled]);
  const id = await notice(given);
  expect(await send(id)).toBeDefined();
  given.clock.advance(86_400_000);
  expect(await send(id)).toBeUndefined();
  expect(await find(given, id)).toBeUndefined();
  expect(calls).toHaveLength(2);
});

test("of five workers with one mail one sends it (C10)", async () => {
  const given = await givenAccount();
  const { send, calls } = senderFor(given, [accepted]);
  const id = await notice(given);
  await Promise.all(Array.from({ length: 5 }, () => send(id)));
  expect(calls).toHaveLength(1);
});

test("what waits to be mailed is encrypted (S64)", async () => {
  const given = await givenAccount();
  const email = anAccountAddress("sealed");
  const row = await find(given, await forgotPassword(given.system, { email }));
  expect(row?.email.length).toBeGreaterThan(email.length);
  expect(row?.email.includes(Buffer.from(email))).toBe(false);
});
