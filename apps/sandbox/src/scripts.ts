import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import type { FaultDice } from "./faults.ts";
import { normaliseAddress } from "./ledger-entry.ts";
import { findMagicScript } from "./magic-addresses.ts";
import { type Decision, type Outcome, plainScript, type Script } from "./outcomes.ts";

export interface Scripts {
  /** `address` may be `*`: the channel's default. */
  set(channel: ChannelKind, address: string, script: Script): void;
  clear(): void;
  /** What happens to the next message to this address. Asking uses up one scripted outcome. */
  decide(channel: ChannelKind, address: string): Decision;
}

/** A script for the address comes first, then what the address says of itself, then a random fault, then the channel's default. */
export function createScripts(dice: FaultDice): Scripts {
  const running = new Map<string, { readonly script: Script; used: number }>();
  const keyOf = (channel: ChannelKind, address: string) => `${channel}:${address}`;

  function runningFor(channel: ChannelKind, address: string) {
    const scripted = running.get(keyOf(channel, address));
    if (scripted) return scripted;
    const magic = findMagicScript(channel, address);
    if (!magic) return undefined;
    const started = { script: magic, used: 0 };
    running.set(keyOf(channel, address), started);
    return started;
  }

  return {
    set(channel, address, script) {
      const key = address === "*" ? "*" : normaliseAddress(channel, address);
      running.set(keyOf(channel, key), { script, used: 0 });
    },
    clear: () => running.clear(),
    decide(channel, address) {
      const own = runningFor(channel, normaliseAddress(channel, address));
      if (own) return decision(own.script, nextOutcome(own));
      const general = running.get(keyOf(channel, "*"));
      const fault = dice.roll(channel);
      if (!general) return decision(plainScript, fault ?? "accept");
      return decision(general.script, fault ?? nextOutcome(general));
    },
  };
}

function nextOutcome(scripted: { readonly script: Script; used: number }): Outcome {
  const outcome = scripted.script.outcomes[scripted.used];
  if (outcome === undefined) return scripted.script.then;
  scripted.used += 1;
  return outcome;
}

function decision({ outcomes: _, then: __, ...rest }: Script, outcome: Outcome): Decision {
  return { ...rest, outcome };
}
