import { actFor, type Ctx, type SystemCtx } from "@reminder-app/core/ctx";
import { createClient, CreateClientInput } from "@reminder-app/core/clients/create-client";
import type { ContactInput } from "@reminder-app/core/clients/contact";
import type { ClientWithContacts } from "@reminder-app/core/clients/get-client";
import { assignClients, AssignClientsInput } from "@reminder-app/core/assignments/assign-clients";
import type { Assignment } from "@reminder-app/core/assignments/assignments.repo";
import { businessRepo, type BusinessChange } from "@reminder-app/core/businesses/businesses.repo";
import { createReminder, CreateReminderInput } from "@reminder-app/core/reminders/create-reminder";
import type { Reminder } from "@reminder-app/core/reminders/reminders.repo";
import { openDatabase } from "@reminder-app/db/database";
import { auditEvents } from "@reminder-app/db/schema/audit";
import { createVault } from "@reminder-app/platform/crypto";
import { newId } from "@reminder-app/platform/ids";
import { asc, eq } from "drizzle-orm";
import type { z } from "zod";
import { testSettings } from "./test-settings.ts";

const settings = testSettings();
const database = openDatabase({ url: settings.DATABASE_URL, connections: 20 });
const vault = createVault({ encryptionKeys: settings.ENCRYPTION_KEYS, lookupKeys: settings.LOOKUP_KEYS });

/** What runs beside an API or a worker under test, a second ahead of them, so that what they asked for is due. */
export const liveSystem: SystemCtx = { db: database.db, vault, now: () => new Date(Date.now() + 1_000) };

/** A clock that a test turns by hand. */
export interface TestClock {
  readonly now: () => Date;
  set(at: string | Date): void;
  advance(ms: number): void;
}

function testClock(start: Date): TestClock {
  let at = start;
  return {
    now: () => at,
    set: (to) => {
      at = new Date(to);
    },
    advance: (ms) => {
      at = new Date(at.getTime() + ms);
    },
  };
}

export interface GivenBusiness {
  readonly ctx: Ctx;
  readonly system: SystemCtx;
  readonly clock: TestClock;
  /** A client with one contact; by email unless told otherwise. */
  client(input?: Partial<z.input<typeof CreateClientInput>>): Promise<ClientWithContacts>;
  /** A reminder that is active, due an hour from now by email, unless told otherwise. */
  reminder(input?: Partial<z.input<typeof CreateReminderInput>>): Promise<Reminder>;
  assign(reminder: Reminder, ...clients: readonly ClientWithContacts[]): Promise<Assignment[]>;
  auditTrail(): Promise<string[]>;
}

export interface GivenOptions extends BusinessChange {
  readonly now?: string;
}

/** A business of its own for a test, so that tests run side by side and count exactly. */
export async function givenBusiness({ now, ...profile }: GivenOptions = {}): Promise<GivenBusiness> {
  const clock = testClock(new Date(now ?? "2027-03-01T12:00:00Z"));
  const system: SystemCtx = { db: database.db, vault, now: clock.now };
  const businessId = newId<"Business">();
  const ctx: Ctx = {
    ...actFor(system, businessId, "test"),
    actor: { kind: "member", memberId: newId(), role: "owner" },
  };
  await businessRepo(ctx).insert({
    name: "Ledger & Sons",
    status: "active",
    timeZone: "Europe/London",
    locale: "en-GB",
    defaultChannels: ["email", "whatsapp", "sms"],
    unknownEmail: "resend",
    createdAt: clock.now(),
    updatedAt: clock.now(),
    ...profile,
  });
  const off = new Map();

  return {
    ctx,
    system,
    clock,
    client: (input = {}) =>
      createClient(ctx, CreateClientInput.parse({ name: "Hill Ltd", contacts: [aContact()], ...input })),
    reminder: (input = {}) =>
      createReminder(ctx, CreateReminderInput.parse({ ...aReminder(clock.now()), ...input }), off),
    assign: (reminder, ...clients) =>
      assignClients(
        ctx,
        reminder.id,
        AssignClientsInput.parse({ assignments: clients.map(({ id }) => ({ clientId: id })) }),
      ),
    async auditTrail() {
      const rows = await database.db
        .select({ action: auditEvents.action })
        .from(auditEvents)
        .where(eq(auditEvents.businessId, businessId))
        .orderBy(asc(auditEvents.id));
      return rows.map(({ action }) => action);
    },
  };
}

let made = 0;

/** A contact with an e-mail address that no other contact has. */
export function aContact(input: Partial<z.input<typeof ContactInput>> = {}) {
  made += 1;
  return { name: "Ada Hill", addresses: { email: `ada.${made}.${newId().slice(-6)}@clients.example` }, ...input };
}

/** What an active reminder looks like that is due an hour after `now`. */
function aReminder(now: Date): z.input<typeof CreateReminderInput> {
  const local = new Date(now.getTime() + 3_600_000).toISOString().slice(0, 19);
  return {
    name: "VAT return",
    type: "deadline",
    schedule: { kind: "once", at: local, zone: "UTC" },
    channels: ["email"],
    subject: "VAT return for {{ client.name }}",
    body: "Dear {{ contact.first_name }}, please send us your VAT figures.",
    activate: true,
  };
}
