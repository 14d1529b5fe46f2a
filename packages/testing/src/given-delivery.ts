import type { Channel, SendResult, UnknownPolicy } from "@reminder-app/channels/channel";
import { createDeliverer } from "@reminder-app/core/deliveries/deliver";
import { type Delivery } from "@reminder-app/core/deliveries/deliveries.repo";
import { deliveryRowsRepo } from "@reminder-app/core/deliveries/delivery-rows.repo";
import { timingOf } from "@reminder-app/core/deliveries/timing";
import { plan } from "@reminder-app/core/occurrences/plan";
import type { ClientWithContacts } from "@reminder-app/core/clients/get-client";
import type { Reminder } from "@reminder-app/core/reminders/reminders.repo";
import { occurrences } from "@reminder-app/db/schema/deliveries";
import type { Id } from "@reminder-app/platform/ids";
import { and, asc, eq } from "drizzle-orm";
import { type GivenBusiness, givenBusiness } from "./given-business.ts";
import { testSettings } from "./test-settings.ts";

export const timing = timingOf(testSettings());
const HORIZON_MS = 60_000;

/** Plan a reminder at its next moment and make all its deliveries, as its timer's ring does. */
export async function ring(
  { ctx, clock }: GivenBusiness,
  reminder: Pick<Reminder, "id" | "nextDueAt">,
): Promise<Delivery[]> {
  if (reminder.nextDueAt && reminder.nextDueAt > clock.now()) clock.set(reminder.nextDueAt);
  for await (const _queued of plan(ctx, reminder.id, HORIZON_MS));
  return deliveriesOf({ ctx }, reminder.id);
}

export async function deliveriesOf(
  { ctx }: Pick<GivenBusiness, "ctx">,
  reminderId: Id<"Reminder">,
): Promise<Delivery[]> {
  return (await deliveryRowsRepo(ctx).page({ reminderId }, { limit: 1_000 })).toReversed();
}

/** The moments of a reminder as the ledger has them, in the order of time. */
export async function occurrencesOf(
  { ctx, system }: Pick<GivenBusiness, "ctx" | "system">,
  reminderId: Id<"Reminder">,
) {
  return system.db
    .select({
      slot: occurrences.slotKey,
      state: occurrences.state,
      reason: occurrences.reason,
      dueAt: occurrences.dueAt,
    })
    .from(occurrences)
    .where(and(eq(occurrences.businessId, ctx.businessId), eq(occurrences.reminderId, reminderId)))
    .orderBy(asc(occurrences.dueAt));
}

/** A reminder that is due now, with a queued delivery for each of `clients` (one client when left out). */
export async function givenDue(
  shop: GivenBusiness,
  clients?: readonly ClientWithContacts[],
  input = {},
): Promise<{ reminder: Reminder; deliveries: Delivery[] }> {
  const reminder = await shop.reminder(input);
  await shop.assign(reminder, ...(clients ?? [await shop.client()]));
  return { reminder, deliveries: await ring(shop, reminder) };
}

export interface ScriptOptions {
  readonly policy?: UnknownPolicy;
  readonly sent?: Channel["findSent"];
  /** Since when the business sends by this account. */
  readonly since?: Date;
}

/** A provider that answers what a test tells it to, one answer for each call, and keeps what it was given. */
export function scriptedChannel(answers: readonly SendResult[], options: ScriptOptions = {}) {
  const calls: Parameters<Channel["send"]>[0][] = [];
  const channel: Channel = {
    kind: "email",
    provider: "scripted",
    unknownPolicy: options.policy ?? "resend_once",
    ...(options.sent && { findSent: options.sent }),
    async send(message) {
      calls.push(message);
      const answer = answers[calls.length - 1];
      if (!answer) throw new Error(`The test has no answer for call ${calls.length}`);
      return answer;
    },
    close: async () => {},
  };
  return { channel, calls };
}

/** A business with one due delivery, and a deliverer whose provider answers as told. */
export async function givenOneDue(answers: readonly SendResult[], options: ScriptOptions = {}) {
  const shop = await givenBusiness();
  const { reminder, deliveries } = await givenDue(shop);
  const { channel, calls } = scriptedChannel(answers, options);
  const [delivery] = deliveries;
  if (!delivery) throw new Error("The reminder made no delivery");
  return { shop, reminder, delivery, deliver: delivererFor(shop, channel, { since: options.since }), calls };
}

/** A deliverer over a scripted channel. */
export function delivererFor(
  { system }: GivenBusiness,
  channel: Channel,
  {
    sendsPerDay = testSettings().BUSINESS_SENDS_PER_DAY,
    since,
  }: { sendsPerDay?: number; since?: Date | undefined } = {},
) {
  const { PUBLIC_URL: publicUrl } = testSettings();
  const senderOf = async () => ({ channel, since });
  const deliver = createDeliverer({ system, senderOf, timing, publicUrl, sendsPerDay });
  return ({ businessId, id }: Delivery) => deliver({ businessId, deliveryId: id });
}

export const accepted: SendResult = { kind: "accepted", providerMessageId: "m-1" };
export const ambiguous: SendResult = { kind: "ambiguous", reason: "cut off" };
