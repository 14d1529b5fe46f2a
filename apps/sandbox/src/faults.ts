import { channelKinds, type ChannelKind } from "@reminder-app/platform/channel-kinds";
import { z } from "zod";
import { type Outcome, outcomes } from "./outcomes.ts";

/** Random faults for chaos runs: shares of all messages, the same ones for the same seed and order of calls. */
export const faultsSchema = z
  .strictObject({
    channel: z.enum([...channelKinds, "all"]).default("all"),
    rates: z.partialRecord(z.enum(outcomes), z.number().min(0).max(1)),
    seed: z.int().default(1),
  })
  .refine(({ rates }) => sum(Object.values(rates)) <= 1, {
    path: ["rates"],
    message: "must not add up to more than 1",
  });

export type Faults = z.output<typeof faultsSchema>;

export interface FaultDice {
  set(faults: Faults): void;
  clear(): void;
  /** The fault for the next message of a channel; undefined: none. */
  roll(channel: ChannelKind): Outcome | undefined;
}

export function createFaultDice(): FaultDice {
  const modes = new Map<ChannelKind, { readonly rates: Faults["rates"]; readonly random: () => number }>();
  return {
    set({ channel, rates, seed }) {
      for (const kind of channelKinds) {
        if (channel === "all" || channel === kind) modes.set(kind, { rates, random: seededRandom(seed) });
      }
    },
    clear: () => modes.clear(),
    roll(channel) {
      const mode = modes.get(channel);
      if (!mode) return undefined;
      let left = mode.random();
      for (const outcome of outcomes) {
        left -= mode.rates[outcome] ?? 0;
        if (left < 0) return outcome;
      }
      return undefined;
    },
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Mulberry32: small, and good enough for picking faults. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
