import { addressHash } from "@reminder-app/core/clients/contact";
import { type Ctx, actFor } from "@reminder-app/core/ctx";
import { forecastSends } from "@reminder-app/core/outbox/forecast";
import { PageOutboxQuery, pageOutbox } from "@reminder-app/core/outbox/page-outbox";
import { CreateReminderInput, createReminder } from "@reminder-app/core/reminders/create-reminder";
import { insertRows } from "@reminder-app/db/bulk";
import { clients, contactAddresses, contacts } from "@reminder-app/db/schema/clients";
import { assignments } from "@reminder-app/db/schema/reminders";
import { sealedColumns } from "@reminder-app/db/sealed-columns";
import { DAY_MS, after } from "@reminder-app/platform/clock";
import { loadConfig } from "@reminder-app/platform/config";
import { createVault } from "@reminder-app/platform/crypto";
import { type Id, newId } from "@reminder-app/platform/ids";
import type { BenchSetting } from "./bench-setting.ts";
import { insertBusiness } from "./business-under-test.ts";
import { median, round } from "./pairs.ts";
import { paragraph, subject } from "./texts.ts";

const ASSIGNMENTS = 10_000;
const AT_ONCE = 1_000;
const AHEAD_DAYS = 30;
const GOAL_SECONDS = 1;
const steps = [-14, -7, -3, 0, 3].map((days) => ({ id: `t${days < 0 ? "" : "+"}${days}`, days, time: "09:00" }));

/** How long it takes to foresee what 10,000 clients of one sequence get in a month. */
export interface OutboxResult {
  readonly id: string;
  readonly runs: number;
  readonly assignments: number;
  readonly sends: number;
  /** All of them, of the median run. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** The first page of the list. */
  readonly pageSeconds: number;
  readonly goalSeconds: number;
}

/** A17: 10,000 assignments of one sequence previewed, by as many clients. */
export async function benchOutbox(
  { env, business }: BenchSetting,
  { id, runs }: { id: string; runs: number },
): Promise<OutboxResult> {
  const { ENCRYPTION_KEYS, LOOKUP_KEYS } = loadConfig({ ...env });
  const vault = createVault({ encryptionKeys: ENCRYPTION_KEYS, lookupKeys: LOOKUP_KEYS });
  const now = new Date();
  const ctx = actFor({ db: business.db, vault, now: () => now }, newId(), "bench");
  await insertBusiness(ctx, "Ledger & Daughters");
  await insertAssignments(ctx);
  // Once before it counts, as every process has done before it is asked.
  await foresee(ctx);
  const samples: Awaited<ReturnType<typeof foresee>>[] = [];
  for (let run = 0; run < runs; run += 1) samples.push(await foresee(ctx));
  const over = (figure: (sample: (typeof samples)[number]) => number) => round(median(samples.map(figure)), 2);
  return {
    id,
    runs,
    assignments: ASSIGNMENTS,
    sends: samples[0]?.sends ?? 0,
    seconds: over(({ seconds }) => seconds),
    cpuSeconds: over(({ cpuSeconds }) => cpuSeconds),
    pageSeconds: over(({ pageSeconds }) => pageSeconds),
    goalSeconds: GOAL_SECONDS,
  };
}

async function foresee(ctx: Ctx) {
  const [cpu, startedAt] = [process.cpuUsage(), performance.now()];
  let sends = 0;
  for await (const piece of forecastSends(ctx, { to: after(ctx.now(), AHEAD_DAYS * DAY_MS) })) sends += piece.length;
  const seconds = (performance.now() - startedAt) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  const askedAt = performance.now();
  await pageOutbox(ctx, PageOutboxQuery.parse({}));
  return { sends, seconds, cpuSeconds: (user + system) / 1e6, pageSeconds: (performance.now() - askedAt) / 1_000 };
}

async function insertAssignments(ctx: Ctx): Promise<void> {
  const input = CreateReminderInput.parse({
    name: "VAT return",
    type: "deadline",
    schedule: { kind: "sequence", zone: "Europe/London", steps },
    channels: ["email"],
    subject,
    body: paragraph,
    activate: true,
  });
  const { id: reminderId } = await createReminder(ctx, input, new Map());
  for (let made = 0; made < ASSIGNMENTS; made += AT_ONCE) {
    const ids = Array.from({ length: AT_ONCE }, (_, index) => ({
      clientId: newId<"Client">(),
      contactId: newId<"Contact">(),
      index: made + index,
    }));
    await insertClients(ctx, ids);
    const rows = ids.map(({ clientId, index }) => ({
      ...stamped(ctx),
      id: newId<"Assignment">(),
      reminderId,
      clientId,
      period: "",
      dueOn: after(ctx.now(), (1 + (index % AHEAD_DAYS)) * DAY_MS)
        .toISOString()
        .slice(0, 10),
      state: "open" as const,
      round: 1,
      nextAt: after(ctx.now(), 1),
      plannedThrough: ctx.now(),
    }));
    await ctx.db.execute(insertRows(assignments, rows));
  }
}

interface NewClient {
  readonly clientId: Id<"Client">;
  readonly contactId: Id<"Contact">;
  readonly index: number;
}

async function insertClients(ctx: Ctx, made: readonly NewClient[]): Promise<void> {
  const common = stamped(ctx);
  const { businessId, vault } = ctx;
  const channel = "email" as const;
  const addressOf = (index: number) => `client${index}@outbox.example`;
  await ctx.db.execute(
    insertRows(
      clients,
      made.map(({ clientId, index }) => ({ ...common, id: clientId, name: `Client ${index} Ltd` })),
    ),
  );
  const person = { ...common, name: "Ada Number", roles: ["primary" as const], preferences: {} };
  await ctx.db.execute(
    insertRows(
      contacts,
      made.map(({ clientId, contactId }) => ({ ...person, id: contactId, clientId })),
    ),
  );
  const sealed = made.map(({ contactId, index }) => ({
    businessId,
    contactId,
    channel,
    address: vault.seal(addressOf(index), sealedColumns.contactAddress.cell({ businessId, contactId, channel })),
    addressHash: addressHash(vault, channel, addressOf(index)),
  }));
  await ctx.db.execute(insertRows(contactAddresses, sealed));
}

function stamped({ businessId, now }: Ctx) {
  return { businessId, createdAt: now(), updatedAt: now() };
}
