import { AssignClientsInput } from "@reminder-app/core/assignments/assign-clients";
import { businessRepo } from "@reminder-app/core/businesses/businesses.repo";
import { CreateClientInput, createClient } from "@reminder-app/core/clients/create-client";
import { type Ctx, actFor } from "@reminder-app/core/ctx";
import { type QueuedDelivery } from "@reminder-app/core/occurrences/expand-occurrence";
import { SendNowInput, sendNow } from "@reminder-app/core/occurrences/send-now";
import { CreateReminderInput, createReminder } from "@reminder-app/core/reminders/create-reminder";
import { type Db, openDatabase } from "@reminder-app/db/database";
import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import { loadConfig } from "@reminder-app/platform/config";
import { createVault } from "@reminder-app/platform/crypto";
import { type Id, newId } from "@reminder-app/platform/ids";
import { mailBody, smsBody, subject } from "./texts.ts";

/** A business whose clients can be sent messages at any moment. */
export interface BusinessUnderTest {
  readonly id: Id<"Business">;
  readonly name: string;
  readonly db: Db;
  readonly clientIds: readonly Id<"Client">[];
  readonly clients: readonly { readonly name: string; readonly email: string; readonly phone: string }[];
  /** Write due deliveries to the first `count` clients, as the verb for sending by hand does. */
  makeDue(channel: "email" | "sms", count: number): Promise<readonly QueuedDelivery[]>;
  close(): Promise<void>;
}

const AT_ONCE = 10;

/** Make it through the verbs of the product, with `clients` clients. */
export async function makeBusiness(
  environment: Readonly<Record<string, string | undefined>>,
  clients: number,
): Promise<BusinessUnderTest> {
  const { DATABASE_URL, ENCRYPTION_KEYS, LOOKUP_KEYS } = loadConfig({ ...environment });
  const database = openDatabase({ url: DATABASE_URL, connections: AT_ONCE });
  const vault = createVault({ encryptionKeys: ENCRYPTION_KEYS, lookupKeys: LOOKUP_KEYS });
  const name = "Ledger & Sons";
  const ctx = actFor({ db: database.db, vault, now: () => new Date() }, newId(), "bench");
  await insertBusiness(ctx, name);

  const made = Array.from({ length: clients }, (_, index) => clientOf(index));
  const ids: Id<"Client">[] = [];
  for (let start = 0; start < made.length; start += AT_ONCE) {
    const group = made.slice(start, start + AT_ONCE).map((client) => createClient(ctx, client.input));
    ids.push(...(await Promise.all(group)).map(({ id }) => id));
  }
  const reminders = {
    email: await insertReminder(ctx, { channel: "email", body: mailBody, clientIds: ids }),
    sms: await insertReminder(ctx, { channel: "sms", body: smsBody, clientIds: ids }),
  };
  return {
    id: ctx.businessId,
    name,
    db: database.db,
    clientIds: ids,
    clients: made,
    async makeDue(channel, count) {
      const clientIds = ids.slice(0, count);
      const input = SendNowInput.parse({ clientIds, evenIfRecent: true, evenInQuietHours: true });
      return (await sendNow(ctx, reminders[channel], input)).queued;
    },
    close: database.close,
  };
}

function clientOf(index: number) {
  const name = `Client ${index} Ltd`;
  const email = `client${index}@bench.example`;
  const phone = `+1415${2_000_000 + index}`;
  const contacts = [{ name: `Ada Number${index}`, addresses: { email, sms: phone } }];
  return { name, email, phone, input: CreateClientInput.parse({ name, contacts }) };
}

export async function insertBusiness(ctx: Ctx, name: string): Promise<void> {
  const now = ctx.now();
  await businessRepo(ctx).insert({
    name,
    status: "active",
    timeZone: "Europe/London",
    locale: "en-GB",
    defaultChannels: ["email", "whatsapp", "sms"],
    unknownEmail: "resend",
    createdAt: now,
    updatedAt: now,
  });
}

async function insertReminder(
  ctx: Ctx,
  { channel, body, clientIds }: { channel: ChannelKind; body: string; clientIds: readonly Id<"Client">[] },
): Promise<Id<"Reminder">> {
  const { assignments } = AssignClientsInput.parse({ assignments: clientIds.map((clientId) => ({ clientId })) });
  const input = CreateReminderInput.parse({
    name: "VAT return",
    type: "deadline",
    schedule: { kind: "once", at: `${new Date().getUTCFullYear() + 2}-01-01T09:00:00`, zone: "Europe/London" },
    channels: [channel],
    subject,
    body,
    activate: true,
    assignments,
  });
  return (await createReminder(ctx, input, new Map())).id;
}
