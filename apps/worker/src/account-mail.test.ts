import { askForMail } from "@reminder-app/core/account-mail/ask-for-mail";
import { accountMailRepo } from "@reminder-app/core/account-mail/account-mails.repo";
import { createVault } from "@reminder-app/platform/crypto";
import { enqueueAccountMails } from "@reminder-app/queues/enqueue";
import { liveSystem } from "@reminder-app/testing/given-business";
import { anAccountAddress } from "@reminder-app/testing/given-account";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type GivenWorkers, givenWorkers } from "./given-worker.ts";
import { sendAccountMailHandler } from "./processors/send-account-mail.ts";

let given: GivenWorkers;
beforeAll(async () => {
  given = await givenWorkers();
  await given.start();
});
afterAll(() => given.close());

const patience = 15_000;
const secondsAgo = (seconds: number) => () => new Date(Date.now() - seconds * 1_000);
const find = (id: Parameters<ReturnType<typeof accountMailRepo>["find"]>[0]) => accountMailRepo(liveSystem.db).find(id);

/** A notice, which needs no account to be behind its address. */
function notice(email: string, seconds = 1) {
  const wish = { kind: "account_changed", email, subjectId: "password" } as const;
  return askForMail({ ...liveSystem, now: secondsAgo(seconds) }, wish);
}

async function untilSentTo(address: string) {
  await vi.waitFor(async () => expect(await given.messagesTo(address)).not.toEqual([]), patience);
  return given.messagesTo(address);
}

test("mail about an account is sent in our own name, and its row is gone (S15)", async () => {
  const address = anAccountAddress();
  const id = await notice(address);
  await enqueueAccountMails(given.producer, [id]);
  const sent = await untilSentTo(address);
  expect(sent).toMatchObject([{ subject: "Your account was changed", text: expect.stringContaining("password") }]);
  await vi.waitFor(async () => expect(await find(id)).toBeUndefined(), patience);
});

test("mail whose job was lost with Redis goes out all the same (J15)", async () => {
  const address = anAccountAddress();
  await notice(address, 60);
  expect(await untilSentTo(address)).toHaveLength(1);
});

test("a job names the row of a mail, never an address (S42)", async () => {
  const address = anAccountAddress();
  const id = await askForMail({ ...liveSystem, now: secondsAgo(-600) }, { kind: "verify_email", email: address });
  await enqueueAccountMails(given.producer, [id]);
  const jobs = await given.producer.queue("account-mail").getJobs(["waiting", "delayed", "active"]);
  expect(jobs.find(({ data }) => data.mailId === id)?.data).toEqual({ v: 1, mailId: id });
  await accountMailRepo(liveSystem.db).remove(id);
});

test("without a mail server mail waits, and nothing of it is tried (C8)", async () => {
  const id = await notice(anAccountAddress());
  const handler = sendAccountMailHandler({ system: liveSystem, channel: undefined, publicUrl: "" });
  expect(await handler.handle({ v: 1, mailId: id })).toMatchObject({ kind: "wait" });
  expect(await find(id)).toMatchObject({ tries: 0 });
});

test("a mail that cannot be read now is tried again later, and is not lost (S65)", async () => {
  const id = await notice(anAccountAddress());
  const other = new Map([[9, Buffer.alloc(32, 9)]]);
  const system = { ...liveSystem, vault: createVault({ encryptionKeys: other, lookupKeys: other }) };
  const channel = { kind: "email" } as never;
  const handler = sendAccountMailHandler({ system, channel, publicUrl: "" });
  await expect(handler.handle({ v: 1, mailId: id })).rejects.toMatchObject({ code: "key_unknown" });
  const nextAt = await handler.crashed({ v: 1, mailId: id });
  expect(nextAt?.getTime()).toBeGreaterThan(Date.now() + 10_000);
  expect(await find(id)).toMatchObject({ nextAt });
  await accountMailRepo(liveSystem.db).remove(id);
});
