import { calendarSchema } from "@reminder-app/schedule/calendars";
import { neverOpens } from "@reminder-app/schedule/sending-hours";
import { quietHoursSchema } from "@reminder-app/schedule/quiet-hours";
import { sendWindowsSchema } from "@reminder-app/schedule/send-windows";
import { timeOfDaySchema } from "@reminder-app/schedule/time-of-day";
import { zoneSchema } from "@reminder-app/schedule/zones";
import { countrySchema } from "@reminder-app/channels/addresses";
import { invalid } from "@reminder-app/platform/errors";
import { z } from "zod";
import { holdRepo } from "../assignments/holds.repo.ts";
import { changesOf } from "../audit/changes.ts";
import { recordAudit } from "../audit/record-audit.ts";
import { channelOrder } from "../channel-order.ts";
import { deliveryStopRepo } from "../deliveries/delivery-stops.repo.ts";
import { type Ctx, inTransaction, requireRole } from "../ctx.ts";
import { withoutUndefined } from "../defined.ts";
import { changePolicy, policyOf } from "../payments/change-policy.ts";
import { policySchema } from "../payments/request-input.ts";
import type { Reminder } from "../reminders/reminders.repo.ts";
import { retimeReminders } from "../reminders/retime-reminders.ts";
import { retentionSchema } from "../privacy/retention.ts";
import { line, localeSchema, paragraph } from "../texts.ts";
import type { OpeningRules } from "../deliveries/opening.ts";
import { separateLines } from "../deliveries/stop-deliveries.ts";
import { brandingSchema } from "./branding.ts";
import { type Business, businessRepo } from "./businesses.repo.ts";

const MOST_A_DAY = 100;
const MOST_A_WEEK = 700;

export const ChangeBusinessInput = z
  .strictObject({
    name: line(200),
    timeZone: zoneSchema,
    locale: localeSchema,
    defaultChannels: channelOrder,
    postalAddress: paragraph(500).nullable(),
    quietHours: quietHoursSchema.nullable(),
    sendWindows: sendWindowsSchema
      .nullable()
      .describe("When each channel is open, by weekday, on the recipient's clocks; channels left out always are"),
    holidayCalendar: calendarSchema.nullable().describe("Whose holidays count where a schedule names none"),
    contactCap: z
      .strictObject({ perDay: z.int().min(1).max(MOST_A_DAY), perWeek: z.int().min(1).max(MOST_A_WEEK) })
      .partial()
      .refine(({ perDay, perWeek }) => perDay !== undefined || perWeek !== undefined, {
        error: "Give perDay, perWeek or both; null for no limit",
      })
      .nullable()
      .describe("How many messages a person gets over all reminders: in a local day, and in any 7 times 24 hours"),
    dailyMessageAt: timeOfDaySchema
      .nullable()
      .describe("The local time of one message a day that lists all that is due, but for appointments"),
    retention: retentionSchema
      .transform((retention) => withoutUndefined(retention))
      .nullable()
      .describe("After how many days what is personal is deleted; null keeps it"),
    countVisits: z.boolean().describe("Whether it is noted that clients opened their pages"),
    unknownEmail: z.enum(["resend", "hold"]),
    paymentPolicy: policySchema.describe(
      "What becomes of money that is not the whole of what is owed, for payment requests that are made from now on",
    ),
    dailySends: z
      .int()
      .min(1)
      .nullable()
      .describe("Messages a day (UTC), for owners; what the installation allows when null"),
    smsCountries: z
      .array(countrySchema)
      .min(1)
      .max(300)
      .transform((codes) => [...new Set(codes)].toSorted())
      .nullable()
      .describe("Whose numbers may get SMS and WhatsApp, by ISO 3166 code; those of all countries when null"),
    branding: brandingSchema
      .transform((branding) => withoutUndefined(branding))
      .nullable()
      .describe("What the clients' pages look like, and whom clients may ask there"),
  })
  .partial();

/** A business, and the reminders that come at another time because of a change. */
export interface ChangedBusiness {
  readonly business: Business;
  readonly retimed: readonly Reminder[];
}

/** Change the business's profile; clients and contacts inherit zone, locale, channels and quiet hours from it. */
export async function changeBusiness(
  ctx: Ctx,
  input: z.output<typeof ChangeBusinessInput>,
  { sendsPerDay }: { sendsPerDay: number },
): Promise<ChangedBusiness> {
  requireRole(ctx, "admin", "change the business");
  if (input.dailySends !== undefined) {
    requireRole(ctx, "owner", "change how many messages may leave in a day");
    if (input.dailySends !== null && input.dailySends > sendsPerDay)
      throw invalid("dailySends", `must be at most ${sendsPerDay}, which this installation allows`);
  }
  return inTransaction(ctx, async (tx) => {
    const retimes = input.dailyMessageAt !== undefined || input.holidayCalendar !== undefined;
    if (retimes) await holdRepo(tx).lockReminders();
    const before = await businessRepo(tx).lock();
    const { paymentPolicy, ...fields } = withoutUndefined(input);
    const change = {
      ...fields,
      ...(paymentPolicy && { paymentPolicy: changePolicy(policyOf(before), paymentPolicy) }),
    };
    requireOpening({ ...before, ...change }, input);
    await businessRepo(tx).update({ ...change, updatedAt: tx.now() });
    const changes = (...fields: (keyof Business)[]) => isAnyChanged(before, change, fields);
    await applyToWaiting(tx, changes);
    const retimed = changes("dailyMessageAt", "holidayCalendar") ? await retimeReminders(tx) : [];
    const business = await businessRepo(tx).get();
    await recordAudit(tx, "business.changed", { entityId: tx.businessId, changes: changesOf(before, change) });
    return { business, retimed };
  });
}

/** Throws `validation_failed` when some channel would never be open. */
function requireOpening(rules: OpeningRules, input: z.output<typeof ChangeBusinessInput>): void {
  if (!input.quietHours && !input.sendWindows) return;
  const [channel] = neverOpens(rules.sendWindows ?? {}, rules.quietHours);
  if (!channel) return;
  const [field, remedy] = input.sendWindows
    ? [`sendWindows.${channel}`, "give it a window outside of quiet hours, or leave the channel out"]
    : ["quietHours", "leave a part of its windows open"];
  throw invalid(field, `with quiet hours and windows together ${channel} would never be open; ${remedy}`);
}

/** What is queued goes by the new rules. */
async function applyToWaiting(tx: Ctx, changes: (...fields: (keyof Business)[]) => boolean): Promise<void> {
  const repo = deliveryStopRepo(tx);
  if (changes("dailyMessageAt")) await separateLines(tx);
  if (changes("quietHours", "sendWindows", "timeZone"))
    await repo.wakeBecause(["quiet_hours", "outside_window"], tx.now());
  if (changes("contactCap")) await repo.wakeBecause(["capped"], tx.now());
}

function isAnyChanged(before: Business, change: Partial<Business>, fields: readonly (keyof Business)[]): boolean {
  const texts = (row: Partial<Business>) => JSON.stringify(fields.map((field) => row[field]));
  return texts(before) !== texts({ ...before, ...change });
}
