import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { appendFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTransport } from "nodemailer";
import { afterAll, beforeAll, expect, test } from "vitest";
import { account, givenSandbox, type ShownEntry } from "./given-sandbox.ts";

let folder: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sandbox-ledger-"));
});
afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  await rm(folder, { recursive: true });
});

async function startProcess(ledgerFile: string) {
  const child = fork(new URL("main.ts", import.meta.url), {
    execArgv: ["--conditions=source"],
    env: {
      SANDBOX_PORT: "0",
      SANDBOX_SMTP_PORT: "0",
      SANDBOX_LEDGER: ledgerFile,
      TWILIO_ACCOUNT_SID: account.accountSid,
      TWILIO_AUTH_TOKEN: account.authToken,
      LOG_LEVEL: "silent",
    },
  });
  children.push(child);
  const [ready] = (await once(child, "message")) as [{ url: string; smtpUrl: string }];
  return { ...ready, child };
}

async function sendSms(url: string, body: string): Promise<void> {
  const form = new URLSearchParams({ To: "+353871234567", From: "+15005550006", Body: body });
  const authorization = `Basic ${btoa(`${account.accountSid}:${account.authToken}`)}`;
  const path = `/2010-04-01/Accounts/${account.accountSid}/Messages.json`;
  const answer = await fetch(url + path, { method: "POST", headers: { authorization }, body: form });
  if (answer.status !== 201) throw new Error(await answer.text());
}

async function readLedger(url: string, query = ""): Promise<{ entries: ShownEntry[]; last: number }> {
  return (await (await fetch(`${url}/sandbox/ledger${query}`)).json()) as { entries: ShownEntry[]; last: number };
}

test("all that was answered is still in the ledger after a kill, and numbering goes on", async () => {
  const ledgerFile = join(folder, "killed.jsonl");
  const first = await startProcess(ledgerFile);
  const { hostname: host, port } = new URL(first.smtpUrl);
  const transport = createTransport({ host, port: Number(port) });
  await transport.sendMail({ from: "a@example.com", to: "b@example.com", subject: "Größe", text: "naïve ☂" });
  await sendSms(first.url, "Grüße ☂");
  first.child.kill("SIGKILL");
  await once(first.child, "exit");
  await appendFile(ledgerFile, '{"seq":3,"at":"2026-');

  const second = await startProcess(ledgerFile);
  await sendSms(second.url, "third");

  expect((await readLedger(second.url)).entries).toMatchObject([
    { seq: 1, channel: "email", subject: "Größe", text: expect.stringContaining("naïve ☂"), status: "delivered" },
    { seq: 2, channel: "sms", text: "Grüße ☂", status: "delivered" },
    { seq: 3, channel: "sms", text: "third" },
  ]);
  second.child.kill("SIGTERM");
  expect(await once(second.child, "exit")).toEqual([0, null]);
});

test("the ledger is read page by page, without contents when they are not wanted", async () => {
  const sandbox = await givenSandbox();
  for (const body of ["one", "two", "three"]) await sendSms(sandbox.url, body);

  const { entries, last } = await readLedger(sandbox.url, "?after=1&limit=1&content=none");

  expect(entries).toMatchObject([{ seq: 2, text: "two" }]);
  expect(last).toBe(3);
  expect(await (await sandbox.call("GET", "/sandbox/ledger/count")).json()).toEqual({
    count: 3,
    email: 0,
    sms: 3,
    whatsapp: 0,
  });
  await sandbox.close();
});

test("an emptied ledger stays empty after a restart, and a running one never uses a number twice", async () => {
  const ledgerFile = join(folder, "emptied.jsonl");
  const sandbox = await givenSandbox({ ledgerFile });
  await sendSms(sandbox.url, "one");
  await sandbox.call("DELETE", "/sandbox/ledger");
  expect(await sandbox.ledger()).toEqual([]);
  await sendSms(sandbox.url, "two");
  expect(await sandbox.ledger()).toMatchObject([{ seq: 2, text: "two" }]);
  await sandbox.call("DELETE", "/sandbox/ledger");
  await sandbox.close();

  const restarted = await givenSandbox({ ledgerFile });
  expect(await restarted.ledger()).toEqual([]);
  await restarted.close();
});

test("a taken port is reported, and the other server does not stay behind", async () => {
  const sandbox = await givenSandbox();
  const taken = Number(new URL(sandbox.smtpUrl).port);
  await expect(givenSandbox({ smtpPort: taken })).rejects.toMatchObject({ code: "EADDRINUSE" });
  await sandbox.close();
});
