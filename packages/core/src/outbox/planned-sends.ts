import type { Ctx } from "../ctx.ts";
import { isCountryAllowed } from "../deliveries/allowed-country.ts";
import type { SendFacts } from "../deliveries/check-sendable.ts";
import { type Delivery, type SendContext, deliveryRepo } from "../deliveries/deliveries.repo.ts";
import { limitsPersons } from "../deliveries/limited.ts";
import { sendFacts } from "../deliveries/send-facts.ts";
import { type ForecastFilter, forecastRepo } from "./forecast.repo.ts";
import { type FutureSend, editedText } from "./future-send.ts";
import type { Span } from "./future-moments.ts";
import { type Prediction, predictSend } from "./predict-send.ts";

/** The deliveries that are made already and wait, and what becomes of each. */
export async function plannedSends(
  ctx: Ctx,
  { business, now }: Pick<Span, "business" | "now">,
  filter: ForecastFilter,
): Promise<FutureSend[]> {
  const repo = forecastRepo(ctx);
  const waiting = await repo.waitingDeliveries(filter, now);
  const lines = limitsPersons(business) ? await repo.linesOf(waiting.map(({ id }) => id)) : [];
  const carriers = new Map(waiting.map((row) => [row.id, row]));
  const rows = [...waiting, ...lines];
  const contexts = await deliveryRepo(ctx).sendContexts(rows.map(({ id }) => id));
  const byId = new Map(contexts.map((row) => [row.deliveryId, row]));
  return rows.flatMap((row) => {
    const context = byId.get(row.id);
    if (!context) return [];
    const { reminder, assignment, client, contact, decided, slotKey } = context;
    const facts = sendFacts({ ...context, decision: decided?.decision ?? null }, row, {
      testMode: false,
      hasAddress: context.address !== null,
      countryAllowed: isCountryAllowed(ctx, row, context),
    });
    return [
      {
        assignmentId: row.assignmentId,
        slotKey,
        deliveryId: row.id,
        reminderId: row.reminderId,
        reminderName: reminder.name,
        clientId: row.clientId,
        clientName: client.name,
        contactId: row.contactId,
        contactName: contact.name,
        channel: row.channel,
        stepId: row.stepId,
        period: assignment.period,
        dueOn: assignment.dueOn,
        dueAt: row.dueAt,
        edited: editedText(decided),
        ...foresee({ ...row, nextAt: carriers.get(row.mergedInto ?? row.id)?.nextAt ?? null }, { context, facts, now }),
      },
    ];
  });
}

function foresee(
  row: Delivery,
  { context, facts, now }: { context: SendContext; facts: SendFacts; now: Date },
): Prediction & Pick<FutureSend, "row"> {
  const prediction = predictSend({ ...row, planned: true }, facts, now);
  if (!limitsPersons(context.business)) return prediction;
  return { ...prediction, row: { delivery: row, context, facts, arrivesAt: now, mergedInto: row.mergedInto } };
}
