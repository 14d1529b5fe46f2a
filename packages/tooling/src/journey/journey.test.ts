import { setTimeout as sleep } from "node:timers/promises";
import {
  type CreateReminderBody,
  assignClients,
  createClient,
  createReminder,
  getPaymentAccount,
  listAssignments,
  listClients,
  listOutbox,
  listPaymentRequests,
  sendReminder,
  startOnboarding,
} from "@reminder-app/client/api";
import type { Connection } from "@reminder-app/client/send";
import { findBrowser } from "@reminder-app/testing/find-browser";
import axe from "axe-core";
import { type Browser, type Page, chromium } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { environment } from "../../bootstrap/environment.mjs";
import { type OwnStack, startOwnStack } from "../stack/own-stack.ts";
import { emailOf, foundFirm, importClients, spreadsheet } from "./found-firm.ts";
import { readMail } from "./inbox.ts";

const PATIENCE_MS = 180_000;
const CLIENTS = 400;
const OWED = 48_250;

let stack: OwnStack;
let browser: Browser;
let firm: Connection;
beforeAll(async () => {
  stack = await startOwnStack(environment["DATABASE_URL"] ?? "", environment["REDIS_URL"] ?? "");
  browser = await chromium.launch(findBrowser());
  firm = await foundFirm(stack.apiUrl, stack.sandboxUrl);
}, PATIENCE_MS);
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
}, PATIENCE_MS);

async function axeFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<{ violations: { id: string }[] }>("axe.run()");
  return violations.map(({ id }) => id);
}

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** The firm enters at the provider where its money is to arrive. */
async function connectAccount(): Promise<void> {
  const { url } = await startOnboarding(firm);
  const page = await browser.newPage();
  await page.goto(url);
  await page.getByRole("button", { name: "Complete the account" }).click();
  await page.close();
  await until(async () => (await getPaymentAccount(firm)).account?.chargesEnabled === true);
}

function linkIn(mail: string): string {
  return /https?:\/\/\S+\/p\/[\w-]{43}/.exec(mail)?.[0] ?? "";
}

/** The client opens the link of a mail on a telephone. */
async function openLink(mail: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
  await page.goto(linkIn(mail));
  return page;
}

/** Look again and again until it holds; the test's own time limit ends it otherwise. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(200);
}

/** The clients of the spreadsheet, by their codes. */
async function clientIds(): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>();
  let cursor: string | undefined;
  do {
    const page = await listClients({ limit: 100, ...(cursor !== undefined && { cursor }) }, firm);
    for (const { id, externalId } of page.items) ids.set(externalId ?? "", id);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return ids;
}

test(
  "a firm imports its clients, asks them for money, and the chase of one who pays ends (F3, H1, I1, J13, B1)",
  async () => {
    expect(await importClients(firm, spreadsheet(CLIENTS))).toMatchObject({ created: CLIENTS, refused: 0 });
    expect(await importClients(firm, spreadsheet(CLIENTS))).toMatchObject({ created: 0, unchanged: CLIENTS });
    const ids = await clientIds();
    expect(ids.size).toBe(CLIENTS);

    await connectAccount();
    const steps = [-3, 0, 7].map((days) => ({ id: `t${days}`, days, time: "09:00" }));
    const { id: reminderId } = await createReminder(
      {
        name: "Fee for 2026",
        type: "payment",
        schedule: { kind: "sequence", zone: "Europe/London", steps },
        channels: ["email"],
        subject: "{{ amount }} for {{ client.name }}",
        body: "Dear {{ contact.first_name }}, {{ amount }} is due on {{ due_date }}: {{ link }}",
        activate: true,
      },
      firm,
    );
    const assignments = [...ids.values()].map((clientId) => ({
      clientId,
      dueOn: inDays(10),
      amount: OWED,
      currency: "GBP",
    }));
    await assignClients(reminderId, { assignments }, firm);
    const payer = ids.get("C-7") ?? "";
    const stillToCome = async () => (await listOutbox({ clientId: payer, limit: 100 }, firm)).items.length;
    expect(await stillToCome()).toBeGreaterThan(0);

    await sendReminder(reminderId, { clientIds: [payer], evenInQuietHours: true }, firm);
    const mail = await readMail(stack.sandboxUrl, emailOf(7), /\/p\/[\w-]{43}/);
    expect(mail).toContain("£482.50");
    const page = await openLink(mail);
    expect(await axeFaults(page)).toEqual([]);
    await page.getByRole("button", { name: /pay/i }).first().click();
    await page.getByRole("button", { name: /by card/i }).click();
    await page.waitForURL(/\/p\//);
    expect(await axeFaults(page)).toEqual([]);
    await page.close();

    const paid = async () => (await listPaymentRequests({ clientId: payer }, firm)).items[0]?.state;
    await until(async () => (await paid()) === "paid");
    expect(await readMail(stack.sandboxUrl, emailOf(7), /thank/i)).toContain("£482.50");
    await until(async () => (await stillToCome()) === 0);
    const { items } = await listAssignments(reminderId, { state: "done", limit: 100 }, firm);
    expect(items).toMatchObject([{ clientId: payer, closedBecause: "paid", amount: 0 }]);
  },
  PATIENCE_MS,
);

/** As small as a PDF can be. */
const aPdf = (name: string) => ({ name, mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.4\n%%EOF\n") });
const checklist = ["Bank statements", "Payroll summary"];

test(
  "a client sends what they are asked for, and says that the rest is done, on one page (G2, G3, I1, I2, B2)",
  async () => {
    const contacts = [{ name: "Ada Hill", addresses: { email: "ada@hill.example" } }];
    const { id: clientId } = await createClient({ name: "Hill Ltd", contacts }, firm);
    const assignments = [{ clientId }];
    const { id: documentsId } = await remind({ name: "Year end", type: "document", checklist, assignments });
    const { id: deadlineId } = await remind({ name: "Confirmation statement", type: "deadline", assignments });
    await sendReminder(documentsId, { clientIds: [clientId], evenInQuietHours: true }, firm);
    const mail = await readMail(stack.sandboxUrl, "ada@hill.example", /\/p\/[\w-]{43}/);
    for (const item of checklist) expect(mail).toContain(item);

    const page = await openLink(mail);
    for (const item of checklist) {
      await page.getByLabel(new RegExp(`photo.*${item}`)).setInputFiles(aPdf(`${item}.pdf`));
      await page.getByRole("button", { name: new RegExp(`^Send.*${item}`) }).click();
      expect(await axeFaults(page)).toEqual([]);
      await page.goto(linkIn(mail));
    }
    await page.getByText(/^It is done.*Confirmation/).click();
    await page.getByRole("button", { name: /^Yes, it is done.*Confirmation/ }).click();
    await page.close();

    const stateOf = async (reminderId: string) => (await listAssignments(reminderId, {}, firm)).items[0];
    expect(await stateOf(documentsId)).toMatchObject({ state: "done", closedBecause: "received" });
    expect(await stateOf(deadlineId)).toMatchObject({ state: "done", closedBecause: "done" });
    expect((await listOutbox({ clientId, limit: 10 }, firm)).items).toEqual([]);
  },
  PATIENCE_MS,
);

/** A reminder that begins in a week. */
function remind(input: Pick<CreateReminderBody, "name" | "type" | "assignments" | "checklist">) {
  const schedule = { kind: "once", at: `${inDays(7)}T09:00`, zone: "Europe/London" } as const;
  const body = "Dear {{ contact.first_name }}, please: {{ missing }}\n\n{{ link }}";
  const text = { subject: input.name, body: input.checklist ? body : "Please: {{ link }}" };
  return createReminder({ ...input, ...text, schedule, channels: ["email"], activate: true }, firm);
}
