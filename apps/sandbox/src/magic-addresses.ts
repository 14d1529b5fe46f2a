import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import { type Outcome, outcomes, plainScript, type Script } from "./outcomes.ts";

type Rule = Partial<Script>;

const receiptRules: Readonly<Record<string, Rule>> = {
  undelivered: { final: "undelivered" },
  "no-callback": { callbacks: "none" },
  "late-callback": { callbacks: "late" },
  "repeated-callback": { callbacks: "repeated" },
  "shuffled-callback": { callbacks: "shuffled" },
};

/** Endings of `+1500555…`. 0001 and 0006 mean at Twilio what they mean here; 1xxx does once what 0xxx always does. */
const numberEndings: readonly (readonly [ending: number, name: string])[] = [
  [1, "refuse"],
  [2, "refuse-for-now"],
  [3, "throttle"],
  [4, "hang"],
  [5, "drop-before"],
  [6, "accept"],
  [7, "accept-then-drop"],
  [8, "server-error"],
  [9, "undelivered"],
  [10, "no-callback"],
  [11, "late-callback"],
  [12, "repeated-callback"],
  [13, "shuffled-callback"],
];

/** The script that an address carries in itself: `hang@…`, `throttle-once+anna@…`, `+15005550004`. */
export function findMagicScript(channel: ChannelKind, address: string): Script | undefined {
  const name = channel === "email" ? nameOfMail(address) : nameOfNumber(address);
  if (name === undefined) return undefined;
  const rule = receiptRules[name] ?? outcomeRule(name);
  return rule && { ...plainScript, ...rule };
}

function nameOfMail(address: string): string | undefined {
  return /^([a-z-]+)(?:\+[^@]*)?@/.exec(address)?.[1];
}

function nameOfNumber(digits: string): string | undefined {
  const match = /^1500555([01])(\d{3})$/.exec(digits);
  const name = numberEndings.find(([ending]) => ending === Number(match?.[2]))?.[1];
  return name !== undefined && match?.[1] === "1" ? `${name}-once` : name;
}

function outcomeRule(name: string): Rule | undefined {
  const once = name.endsWith("-once");
  const outcome = outcomes.find((known) => known === name.replace(/-once$/, "").replaceAll("-", "_"));
  return outcome && (once ? { outcomes: [outcome] } : always(outcome));
}

function always(outcome: Outcome): Rule {
  return { then: outcome };
}
