import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import type { QuietHours } from "@reminder-app/schedule/quiet-hours";
import type { SendWindows } from "@reminder-app/schedule/send-windows";
import { boolean, int, mysqlTable, primaryKey, varchar } from "drizzle-orm/mysql-core";
import { idColumn, instant, jsonColumn, word } from "./columns.ts";
import type { PaymentPolicy } from "./payment-policy.ts";

export type BusinessStatus = "active" | "suspended";
/** Nothing leaves from a test business. */
export const businessModes = ["live", "test"] as const;
export type BusinessMode = (typeof businessModes)[number];
/** How many messages a contact gets at most, over all reminders: in a local day, and in any seven days. */
export interface ContactCap {
  readonly perDay?: number | undefined;
  readonly perWeek?: number | undefined;
}
/** What happens to an email whose outcome stays unknown: one more try (perhaps one extra message), or a person decides. */
export type UnknownEmailChoice = "resend" | "hold";

/** What a client's page looks like, and whom clients may ask. */
export interface Branding {
  /** `#rrggbb` */
  readonly color?: string | undefined;
  readonly email?: string | undefined;
  readonly phone?: string | undefined;
}
/** After how many days things are deleted; kept for good where empty. */
export interface Retention {
  /** Texts of messages. */
  readonly textsDays?: number | undefined;
  /** Files that clients sent, and that were sent to them. */
  readonly filesDays?: number | undefined;
  /** Access logs of links, and the log of outbound webhooks. */
  readonly logsDays?: number | undefined;
}

export const businesses = mysqlTable(
  "businesses",
  {
    id: idColumn<"Business">("id").notNull(),
    name: varchar("name", { length: 200 }).notNull(),
    status: word<BusinessStatus>("status").notNull(),
    mode: word<BusinessMode>("mode").notNull().default("live"),
    timeZone: varchar("time_zone", { length: 64 }).notNull(),
    locale: varchar("locale", { length: 35 }).notNull(),
    defaultChannels: jsonColumn<ChannelKind[]>("default_channels").notNull(),
    postalAddress: varchar("postal_address", { length: 500 }),
    quietHours: jsonColumn<QuietHours>("quiet_hours"),
    /** When each channel is open, by weekday, in the recipient's zone; always when empty. */
    sendWindows: jsonColumn<SendWindows>("send_windows"),
    /** Whose working days count where a schedule names no calendar: `GB-ENG`; only weekends are closed when empty. */
    holidayCalendar: varchar("holiday_calendar", { length: 20 }),
    contactCap: jsonColumn<ContactCap>("contact_cap"),
    /** The local time of the one message a day that lists all that is due; each goes by itself when empty. */
    dailyMessageAt: varchar("daily_message_at", { length: 5 }),
    /** Since when nothing leaves, and until when; for good when only the first is set. */
    pausedAt: instant("paused_at"),
    pausedUntil: instant("paused_until"),
    /** Where the test clock of a test business stands; it stands still between two moves. */
    clockAt: instant("clock_at"),
    unknownEmail: word<UnknownEmailChoice>("unknown_email").notNull(),
    branding: jsonColumn<Branding>("branding"),
    /** What new payment requests begin with; the product's own defaults when empty. */
    paymentPolicy: jsonColumn<PaymentPolicy>("payment_policy"),
    retention: jsonColumn<Retention>("retention"),
    /** Whether it is noted that clients opened their pages. */
    countVisits: boolean("count_visits").notNull().default(true),
    /** How many messages may leave in a day; the installation's own limit when empty. */
    dailySends: int("daily_sends"),
    /** Whose numbers may get SMS and WhatsApp, by ISO 3166 code; those of all countries when empty. */
    smsCountries: jsonColumn<string[]>("sms_countries"),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.id] })],
);
