import type { ChannelPreferences } from "@reminder-app/db/schema/clients";
import type { ReminderType } from "@reminder-app/db/schema/reminder-types";
import type { ChannelMode } from "@reminder-app/db/schema/reminders";
import type { ChannelKind } from "@reminder-app/platform/channel-kinds";

export interface ChannelChoice {
  readonly type: ReminderType;
  readonly allowed: readonly ChannelKind[];
  readonly mode: ChannelMode;
  readonly preferences: ChannelPreferences;
  readonly businessOrder: readonly ChannelKind[];
}

/**
 * The channels that a contact may get a reminder on, in the order in which they are tried: what the contact prefers
 * for this type, else for all, else what the business prefers; then the rest of what the reminder allows.
 */
export function orderChannels({
  type,
  allowed,
  preferences,
  businessOrder,
}: Omit<ChannelChoice, "mode">): ChannelKind[] {
  const preferred = preferences[type] ?? preferences.any ?? businessOrder;
  const first = preferred.filter((kind) => allowed.includes(kind));
  return [...first, ...allowed.filter((kind) => !first.includes(kind))];
}

/** The channels to use now: the first on which the contact has an address, or in mode `all` each of them. */
export function chooseChannels(choice: ChannelChoice, hasAddress: (kind: ChannelKind) => boolean): ChannelKind[] {
  const reachable = orderChannels(choice).filter(hasAddress);
  return choice.mode === "all" ? reachable : reachable.slice(0, 1);
}
