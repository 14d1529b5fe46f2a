import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import { AppError } from "@reminder-app/platform/errors";

/** Why a channel cannot be used now, by channel; those that can are absent. */
export type ChannelsOff = ReadonlyMap<ChannelKind, string>;

/** Throws `validation_failed` when a reminder asks for a channel that has no provider. */
export function requireChannels(channels: readonly ChannelKind[], off: ChannelsOff): void {
  const issues = channels.flatMap((kind, index) => {
    const message = off.get(kind);
    return message === undefined ? [] : [{ field: `channels.${index}`, message }];
  });
  if (issues.length > 0)
    throw new AppError("validation_failed", issues.map(({ message }) => message).join("; "), { issues });
}
