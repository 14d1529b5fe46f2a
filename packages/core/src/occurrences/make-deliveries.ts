import type { Assignment } from "../assignments/assignments.repo.ts";
import type { Business } from "../businesses/businesses.repo.ts";
import type { Client } from "../clients/clients.repo.ts";
import { recipientZone } from "../clients/recipient-zone.ts";
import { type Contact, addressHash } from "../clients/contact.ts";
import { suppressedReason } from "../consent/suppressed-reason.ts";
import type { Ctx } from "../ctx.ts";
import type { NewDelivery } from "../deliveries/deliveries.repo.ts";
import { standstillAt } from "../deliveries/standstill.ts";
import type { DecidedSend } from "../outbox/decided-sends.repo.ts";
import { waitsForPerson } from "../outbox/waits-for-person.ts";
import type { ReasonCode } from "../reasons.ts";
import type { Reminder } from "../reminders/reminders.repo.ts";
import { channelsOfStep } from "../reminders/step-messages.ts";
import { newId } from "@reminder-app/platform/ids";
import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import { after } from "@reminder-app/platform/clock";
import { instantOf } from "@reminder-app/schedule/zones";
import { chooseChannels, orderChannels } from "./choose-channels.ts";
import { chooseRecipients } from "./choose-recipients.ts";
import { firstTry } from "./first-try.ts";
import type { Occurrence } from "./occurrences.repo.ts";

export interface Moment {
  readonly business: Business;
  readonly reminder: Reminder;
  readonly occurrence: Pick<
    Occurrence,
    "id" | "dueAt" | "expiresAt" | "slotKey" | "localAt" | "stepId" | "reason" | "createdAt"
  >;
  /** A person chose to send within quiet hours. */
  readonly urgent: boolean;
  /** Nothing of it is written: the outbox asks what will be. */
  readonly foreseen?: boolean;
}

export interface Recipient {
  readonly assignment: Assignment;
  readonly client: Pick<Client, "timeZone" | "neverChase" | "pausedAt" | "pausedUntil">;
  readonly contacts: readonly Contact[];
  /** What staff decided about this send. */
  readonly decision: DecidedSend["decision"];
}

/**
 * The deliveries of one occurrence to one client: one for each chosen contact and channel. What cannot be sent
 * becomes a skipped row with its reason, so that the ledger answers why.
 */
export function makeDeliveries(ctx: Ctx, moment: Moment, recipient: Recipient): NewDelivery[] {
  const leftOut = leftOutBecause(moment, recipient);
  const waiting = waitsForPerson({
    needsApproval: moment.reminder.needsApproval,
    decision: recipient.decision,
    slotKey: moment.occurrence.slotKey,
  });
  const taken = new Set<string>();
  return chooseRecipients(moment.reminder.type, recipient.contacts).flatMap((contact) =>
    channelsFor(moment, contact).map(({ channel, address, refusal }): Made => {
      const zone = recipientZone({ ...moment, ...recipient, contact });
      const due = dueFor(moment, zone);
      const row = { ...blankDelivery(ctx, moment, { assignment: recipient.assignment, contact, channel }), ...due };
      const still = standstill(moment, recipient, due.dueAt);
      if (still) return { ...row, state: "skipped", reason: still };
      if (leftOut) return { ...row, state: "skipped", reason: leftOut };
      if (address === undefined) return { ...row, state: "skipped", reason: refusal ?? "no_address" };
      const hash = hashOf(ctx, { contact, channel, address, foreseen: moment.foreseen ?? false });
      const key = `${channel}:${hash.toString("hex")}`;
      if (taken.has(key)) return { ...row, state: "skipped", reason: "duplicate_address" };
      taken.add(key);
      return {
        ...row,
        state: "queued",
        addressHash: hash,
        ...(waiting
          ? { reason: waiting, nextAt: due.expiresAt }
          : firstTry(moment, { ...due, channel, zone, now: ctx.now() })),
      };
    }),
  );
}

/** The newest hash of an address, as what is written has; the stored one tells equal ones apart as well. */
function hashOf(
  { vault }: Ctx,
  {
    contact,
    channel,
    address,
    foreseen,
  }: { contact: Contact; channel: ChannelKind; address: string; foreseen: boolean },
): Buffer {
  const stored = foreseen ? contact.storedHashes[channel] : undefined;
  return stored ?? addressHash(vault, channel, address);
}

/** A row whose reason is one of ours. */
type Made = Omit<NewDelivery, "reason"> & { readonly reason: ReasonCode | null };

/** Why a person wants this client to get nothing of this moment. */
function leftOutBecause({ occurrence }: Moment, { assignment, decision }: Recipient): ReasonCode | undefined {
  if (decision === "skip") return "skipped_by_staff";
  return assignment.replacedSlot === occurrence.slotKey ? "replaced_by_manual_send" : undefined;
}

interface Chosen {
  readonly channel: ChannelKind;
  readonly address?: string | undefined;
  /** Why there is no address to use. */
  readonly refusal?: ReasonCode;
}

function channelsFor(
  { business, reminder, occurrence }: Moment,
  { addresses, preferences, suppressed }: Contact,
): Chosen[] {
  const choice = {
    type: reminder.type,
    allowed: channelsOfStep(reminder, occurrence.stepId),
    mode: reminder.channelMode,
    preferences,
    businessOrder: business.defaultChannels,
  };
  const chosen = chooseChannels(choice, (kind) => addresses[kind] !== undefined && !suppressed[kind]);
  if (chosen.length > 0) return chosen.map((channel) => ({ channel, address: addresses[channel] }));
  const ordered = orderChannels(choice);
  const channel = ordered.find((kind) => suppressed[kind]) ?? ordered[0];
  if (!channel) return [];
  const standing = suppressed[channel];
  return [{ channel, ...(standing && { refusal: suppressedReason(standing.reason) }) }];
}

/**
 * Why nothing goes when it comes due; what comes due in a pause is not made up for. A moment that was planned before the
 * pause began is not skipped: it waits at the claim, as what was queued before does.
 */
function standstill(
  { business, reminder, occurrence }: Moment,
  { assignment, client }: Recipient,
  dueAt: Date,
): ReasonCode | undefined {
  const status = occurrence.reason === "paused" ? reminder.status : "active";
  const facts = { business, client, assignment, reminder: { ...reminder, status } };
  return standstillAt(facts, dueAt, occurrence.createdAt)?.reason;
}

/** One instant for all, or the meant wall time in the recipient's own zone. */
function dueFor({ occurrence, reminder }: Moment, zone: string): Pick<NewDelivery, "dueAt" | "expiresAt"> {
  if (occurrence.localAt === null) return { dueAt: occurrence.dueAt, expiresAt: occurrence.expiresAt };
  const dueAt = instantOf(occurrence.localAt, zone);
  return { dueAt, expiresAt: after(dueAt, reminder.graceMs) };
}

function blankDelivery(
  ctx: Ctx,
  { occurrence, reminder, urgent }: Moment,
  { assignment, contact, channel }: { assignment: Assignment; contact: Contact; channel: ChannelKind },
): Omit<Made, "state"> {
  const now = ctx.now();
  return {
    id: newId(),
    occurrenceId: occurrence.id,
    reminderId: reminder.id,
    assignmentId: assignment.id,
    clientId: assignment.clientId,
    contactId: contact.id,
    channel,
    addressHash: null,
    reason: null,
    stepId: occurrence.stepId,
    mergedInto: null,
    hop: 0,
    fence: 0,
    tries: 0,
    crashes: 0,
    urgent,
    nextAt: null,
    dueAt: occurrence.dueAt,
    expiresAt: occurrence.expiresAt,
    createdAt: now,
    updatedAt: now,
  };
}
