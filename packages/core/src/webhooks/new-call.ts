import type { BusinessMode } from "@reminder-app/db/schema/businesses";
import { type Id, newId } from "@reminder-app/platform/ids";
import type { NewCall } from "./webhook-events.repo.ts";

/** An event on its way to an endpoint. Nothing leaves from a test business: its calls are only shown. */
export function newCall(
  { id: endpointId, mode }: { readonly id: Id<"WebhookEndpoint">; readonly mode: BusinessMode },
  { eventId, round, now }: { readonly eventId: Id<"WebhookEvent">; readonly round: number; readonly now: Date },
): NewCall & { readonly id: Id<"WebhookCall"> } {
  const goes =
    mode === "live" ? { state: "waiting" as const, nextAt: now } : { state: "not_sent" as const, nextAt: null };
  return { id: newId(), endpointId, eventId, round, tries: 0, ...goes, createdAt: now, updatedAt: now };
}
