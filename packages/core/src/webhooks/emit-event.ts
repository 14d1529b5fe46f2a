import { newId } from "@reminder-app/platform/ids";
import type { Ctx } from "../ctx.ts";
import type { EventData, EventType, OutboundEvent } from "./event-types.ts";
import { newCall } from "./new-call.ts";
import { type Listener, webhookEventRepo } from "./webhook-events.repo.ts";

/**
 * Tell the business's own programs that something happened. Call it in the transaction in which it happened: the event
 * is told if and only if that commits. One query, and nothing more when nobody listens.
 */
export async function emitEvent<Type extends EventType>(tx: Ctx, type: Type, data: EventData<Type>): Promise<void> {
  await emitEvents(tx, [{ type, data } as OutboundEvent]);
}

/** The same for many at once: one query for all of them, and nothing more when nobody listens. */
export async function emitEvents(tx: Ctx, happened: readonly OutboundEvent[]): Promise<void> {
  if (happened.length === 0) return;
  const listeners = await webhookEventRepo(tx).listeners();
  const heard = happened.flatMap((event) => {
    const by = listeners.filter((listener) => hears(listener, event.type));
    return by.length > 0 ? [{ event: { ...event, id: newId<"WebhookEvent">(), createdAt: tx.now() }, by }] : [];
  });
  await webhookEventRepo(tx).insert(
    heard.map(({ event }) => event),
    heard.flatMap(({ event, by }) =>
      by.map((listener) => newCall(listener, { eventId: event.id, round: 0, now: event.createdAt })),
    ),
  );
}

/** The same where what it says is dear to find out: `find` runs only when somebody listens. */
export async function emitFound<Type extends EventType>(
  tx: Ctx,
  type: Type,
  find: () => Promise<readonly EventData<Type>[]>,
): Promise<void> {
  const listeners = await webhookEventRepo(tx).listeners();
  if (!listeners.some((listener) => hears(listener, type))) return;
  await emitEvents(
    tx,
    (await find()).map((data) => ({ type, data }) as OutboundEvent),
  );
}

function hears({ events }: Listener, type: EventType): boolean {
  return events.length === 0 || events.includes(type);
}
