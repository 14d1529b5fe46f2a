import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import { nextOpening } from "@reminder-app/schedule/sending-hours";
import type { Business } from "../businesses/businesses.repo.ts";

/** When a business lets messages go. */
export type OpeningRules = Pick<Business, "quietHours" | "sendWindows">;

/** When something may go: at once, or from `at` on because of `closedBy`. */
export interface Opening {
  readonly at: Date;
  readonly closedBy?: "quiet_hours" | "outside_window";
}

/** The first instant from `at` on at which a channel is open on the recipient's clocks. Undefined: it never is. */
export function openingFor(
  { quietHours, sendWindows }: OpeningRules,
  { channel, zone }: { readonly channel: ChannelKind; readonly zone: string },
  at: Date,
): Opening | undefined {
  const windows = sendWindows?.[channel];
  const opening = nextOpening({ quietHours, windows }, zone, at);
  if (!opening || opening <= at) return opening && { at };
  const inWindow = nextOpening({ windows }, zone, at);
  return { at: opening, closedBy: inWindow && inWindow <= at ? "quiet_hours" : "outside_window" };
}
