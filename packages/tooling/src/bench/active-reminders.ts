import { insertRows } from "@reminder-app/db/bulk";
import type { Db } from "@reminder-app/db/database";
import { assignments, reminders } from "@reminder-app/db/schema/reminders";
import { type Id, newId } from "@reminder-app/platform/ids";
import type { Schedule } from "@reminder-app/schedule/schedule";
import { smsBody, subject } from "./texts.ts";

const AT_ONCE = 2_000;
const DAY_MS = 86_400_000;

/** What a timer needs to know of a reminder. */
export interface Active {
  readonly id: Id<"Reminder">;
  readonly businessId: Id<"Business">;
  readonly status: "active";
  readonly schedule: Schedule;
  readonly nextDueAt: Date;
}

/** `count` active reminders, at times that are spread over a year from a week on; written to the table itself. */
export async function* insertActive(
  db: Db,
  businessId: Id<"Business">,
  count: number,
): AsyncGenerator<readonly Active[]> {
  const first = Math.ceil(Date.now() / DAY_MS + 7) * DAY_MS;
  for (let made = 0; made < count; made += AT_ONCE) {
    const rows = Array.from({ length: Math.min(AT_ONCE, count - made) }, (_, index) =>
      active(businessId, new Date(first + Math.floor(((made + index) * 365 * 1_440) / count) * 60_000)),
    );
    await insertReminders(db, rows);
    yield rows;
  }
}

/** Active reminders by SMS that are all due at one instant, each with one of the clients. */
export async function insertDueAt(
  db: Db,
  { businessId, clientIds }: { businessId: Id<"Business">; clientIds: readonly Id<"Client">[] },
  { count, at }: { count: number; at: Date },
): Promise<readonly Active[]> {
  const made: Active[] = [];
  for (let done = 0; done < count; done += AT_ONCE) {
    const rows = Array.from({ length: Math.min(AT_ONCE, count - done) }, () => active(businessId, at));
    await insertReminders(db, rows);
    await db.execute(
      insertRows(
        assignments,
        rows.map(({ id: reminderId }, index) => ({
          businessId,
          id: newId<"Assignment">(),
          reminderId,
          clientId: clientIds[(done + index) % clientIds.length] as Id<"Client">,
          period: "",
          state: "open" as const,
          round: 1,
          nextOpened: false,
          calendarSequence: 0,
          createdAt: new Date(),
          updatedAt: new Date(),
        })),
      ),
    );
    made.push(...rows);
  }
  return made;
}

function active(businessId: Id<"Business">, at: Date): Active {
  const schedule = { kind: "once", at: at.toISOString().slice(0, 19), zone: "UTC" } as const;
  return { id: newId(), businessId, status: "active", schedule, nextDueAt: at };
}

async function insertReminders(db: Db, rows: readonly Active[]): Promise<void> {
  const now = new Date();
  await db.execute(
    insertRows(
      reminders,
      rows.map((row) => ({
        ...row,
        name: "VAT return",
        type: "deadline" as const,
        stopRule: "done" as const,
        channels: ["sms" as const],
        channelMode: "first_success" as const,
        subject,
        body: smsBody,
        priority: "normal" as const,
        needsApproval: false,
        graceMs: 43_200_000,
        revision: 1,
        round: 1,
        createdAt: now,
        updatedAt: now,
      })),
    ),
  );
}
