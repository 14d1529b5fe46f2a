import type { SuppressionReason } from "@reminder-app/db/schema/consent";
import type { Client } from "../clients/clients.repo.ts";
import type { Contact } from "../clients/contact.ts";
import type { Ctx } from "../ctx.ts";
import { isNumberAllowed } from "../deliveries/allowed-country.ts";
import type { NewDelivery } from "../deliveries/deliveries.repo.ts";
import { limitsPersons } from "../deliveries/limited.ts";
import { sendFacts } from "../deliveries/send-facts.ts";
import { makeDeliveries } from "../occurrences/make-deliveries.ts";
import type { DecidedSend } from "./decided-sends.repo.ts";
import { type FutureSend, editedText } from "./future-send.ts";
import type { FutureMoment, Span } from "./future-moments.ts";
import { type Prediction, predictSend } from "./predict-send.ts";
import type { MomentFacts, ReachedClient } from "./remember-facts.ts";

/** The deliveries that the planner will make of some moments, and what becomes of each. */
export async function unplannedSends(
  ctx: Ctx,
  span: Span,
  { moments, facts }: { moments: readonly FutureMoment[]; facts: MomentFacts },
): Promise<FutureSend[]> {
  await facts.load(moments);
  return moments.flatMap((moment) => {
    const { assignment, occurrence } = moment;
    const to = facts.reached(assignment.clientId);
    const isMadeUpFor = occurrence.reason === "late_step";
    if (!to || (!isMadeUpFor && facts.isPlanned(moment))) return [];
    const decided = facts.decided({ assignmentId: assignment.id, slotKey: occurrence.slotKey });
    return sendsOf(ctx, span, { ...to, moment, decided });
  });
}

interface Addressed extends ReachedClient {
  readonly moment: FutureMoment;
  readonly decided: DecidedSend | undefined;
}

function sendsOf(ctx: Ctx, span: Span, { moment, client, contacts, decided }: Addressed): FutureSend[] {
  const { reminder, assignment, occurrence } = moment;
  const decision = decided?.decision ?? null;
  const due = { business: span.business, reminder, occurrence, urgent: false, foreseen: true };
  return makeDeliveries(ctx, due, {
    assignment,
    client,
    contacts,
    decision,
  }).flatMap((row) => {
    const contact = contacts.find(({ id }) => id === row.contactId);
    if (!contact) return [];
    return [
      {
        assignmentId: moment.unopened ? null : assignment.id,
        slotKey: moment.unopened ? null : occurrence.slotKey,
        deliveryId: null,
        reminderId: reminder.id,
        reminderName: reminder.name,
        clientId: client.id,
        clientName: client.name,
        contactId: contact.id,
        contactName: contact.name,
        channel: row.channel,
        stepId: occurrence.stepId,
        period: assignment.period,
        dueOn: assignment.dueOn,
        dueAt: row.dueAt,
        edited: editedText(decided),
        ...foresee(span, { moment, client, contact, decision, row }),
      },
    ];
  });
}

interface Made {
  readonly moment: FutureMoment;
  readonly client: Client;
  readonly contact: Contact;
  readonly decision: DecidedSend["decision"];
  readonly row: NewDelivery;
}

function foresee(
  { business, now }: Span,
  { moment: { reminder, assignment, occurrence }, client, contact, decision, row }: Made,
): Prediction & Pick<FutureSend, "row"> {
  // Filed, and not made into deliveries at all.
  if (occurrence.state === "cancelled" || occurrence.state === "missed")
    return { status: "will_skip", reason: occurrence.reason, expectedAt: null };
  const address = contact.addresses[row.channel];
  const standing = {
    business,
    reminder,
    assignment,
    client,
    contact: { timeZone: contact.timeZone, archived: false },
    slotKey: occurrence.slotKey,
    suppression: (contact.suppressed[row.channel]?.reason ?? null) satisfies SuppressionReason | null,
    decision,
  };
  const facts = sendFacts(
    standing,
    { channel: row.channel, urgent: row.urgent ?? false, expiresAt: row.expiresAt },
    {
      testMode: false,
      hasAddress: address !== undefined,
      countryAllowed: address === undefined || isNumberAllowed(business.smsCountries, row.channel, address),
    },
  );
  const { state, reason = null, nextAt = null, dueAt } = row;
  const prediction = predictSend({ state, reason, nextAt, dueAt, planned: false }, facts, now);
  if (!limitsPersons(business)) return prediction;
  const delivery = { ...row, stepId: row.stepId ?? null, nextAt, urgent: false };
  const context = { business, reminder, client, contact };
  return { ...prediction, row: { delivery, context, facts, arrivesAt: occurrence.dueAt, mergedInto: null } };
}
