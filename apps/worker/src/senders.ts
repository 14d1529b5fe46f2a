import { providerOf } from "@reminder-app/channels/accounts";
import type { Channel } from "@reminder-app/channels/channel";
import { createAccountChannel } from "@reminder-app/channels/registry";
import { findAccount } from "@reminder-app/core/credentials/find-account";
import { type SystemCtx, actFor } from "@reminder-app/core/ctx";
import type { Sender } from "@reminder-app/core/deliveries/deliver";
import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import { SECOND_MS } from "@reminder-app/platform/clock";
import type { Id } from "@reminder-app/platform/ids";
import type { Settings } from "@reminder-app/platform/settings";

/** A changed account is used after this at the latest; unknown outcomes reckon with a minute. */
const FRESH_MS = 15 * SECOND_MS;
/** So many businesses' accounts are kept connected. */
const MOST = 500;
/** Longer than any call: what is being sent by a replaced account comes to its end. */
const LINGER_MS = 60 * SECOND_MS;

export interface Senders {
  /** By what a business sends on a channel: its own account, else the installation's, else nothing. */
  of(kind: ChannelKind): (businessId: Id<"Business">) => Promise<Sender | undefined>;
  close(): Promise<void>;
}

interface Kept {
  readonly sender: Sender | undefined;
  /** A channel of this business alone. */
  readonly own: Channel | undefined;
  readonly version: number | undefined;
  readonly freshUntil: number;
}

export function createSenders(options: {
  readonly system: SystemCtx;
  readonly settings: Settings;
  /** The installation's. */
  readonly channels: ReadonlyMap<ChannelKind, Channel>;
  readonly freshMs?: number;
}): Senders {
  const { system, settings, channels, freshMs = FRESH_MS } = options;
  const kept = new Map<string, Promise<Kept>>();
  const leaving = new Map<Channel, NodeJS.Timeout>();

  async function load(kind: ChannelKind, businessId: Id<"Business">, before: Kept | undefined): Promise<Kept> {
    const { account, since } = await findAccount(actFor(system, businessId, "deliver"), providerOf[kind]);
    const freshUntil = performance.now() + freshMs;
    if (before && before.version === since?.getTime()) return { ...before, freshUntil };
    if (before?.own) leave(before.own);
    const own = account && createAccountChannel(account, settings);
    const channel = own ?? channels.get(kind);
    return { sender: channel && { channel, since }, own, version: since?.getTime(), freshUntil };
  }

  function leave(channel: Channel): void {
    const timer = setTimeout(() => {
      leaving.delete(channel);
      void channel.close();
    }, LINGER_MS);
    leaving.set(channel, timer.unref());
  }

  /** The oldest one goes when there are too many. When a refresh fails, the account that was known stays. */
  function keep(key: string, loading: Promise<Kept>, before: Kept | undefined): Promise<Kept> {
    kept.delete(key);
    kept.set(key, loading);
    loading.catch(() => (before ? kept.set(key, Promise.resolve(before)) : kept.delete(key)));
    const [oldest] = kept;
    if (kept.size > MOST && oldest) {
      kept.delete(oldest[0]);
      oldest[1].then(({ own }) => own && leave(own)).catch(() => undefined);
    }
    return loading;
  }

  return {
    of: (kind) => async (businessId) => {
      const key = `${kind}:${businessId}`;
      const known = kept.get(key);
      const before = await known;
      if (before && before.freshUntil > performance.now()) return before.sender;
      const latest = kept.get(key);
      // Another caller refreshes it already.
      if (latest && latest !== known) return (await latest).sender;
      return (await keep(key, load(kind, businessId, before), before)).sender;
    },

    async close() {
      for (const timer of leaving.values()) clearTimeout(timer);
      const own = (await Promise.allSettled(kept.values())).flatMap((one) =>
        one.status === "fulfilled" && one.value.own ? [one.value.own] : [],
      );
      await Promise.all([...own, ...leaving.keys()].map((channel) => channel.close()));
    },
  };
}
