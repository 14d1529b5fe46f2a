import type { Ctx } from "../ctx.ts";
import { isCountryAllowed } from "../deliveries/allowed-country.ts";
import { deliveryRepo } from "../deliveries/deliveries.repo.ts";
import { sendFacts } from "../deliveries/send-facts.ts";
import { type ForecastFilter, forecastRepo } from "./forecast.repo.ts";
import { type FutureSend, editedText } from "./future-send.ts";
import type { Span } from "./future-moments.ts";
import { predictSend } from "./predict-send.ts";

/** The deliveries that are made already and wait, and what becomes of each. */
export async function plannedSends(
  ctx: Ctx,
  { now }: Pick<Span, "now">,
  filter: ForecastFilter,
): Promise<FutureSend[]> {
  const rows = await forecastRepo(ctx).waitingDeliveries(filter, now);
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
        ...predictSend({ ...row, planned: true }, facts, now),
      },
    ];
  });
}
