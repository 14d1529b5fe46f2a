import type { ChannelKind } from "@reminder-app/platform/channel-kinds";

/** What the test provider does with a message, by the address that it goes to. */
export const testOutcomes = ["refused", "bounced", "throttled", "throttled-once", "unknown"] as const;
export type TestOutcome = (typeof testOutcomes)[number];

/** The last four digits of `+1500555…`, which are numbers of no one; they mean the same at the sandbox. */
const numberEndings: Readonly<Record<string, TestOutcome>> = {
  "0001": "refused",
  "0003": "throttled",
  "1003": "throttled-once",
  "0004": "unknown",
  "0009": "bounced",
};

/**
 * What an address asks for: `refused@…`, `bounced+ada@…`, `+15005550003`. Undefined for all others, which get their
 * messages.
 */
export function scriptedOutcome(channel: ChannelKind, address: string): TestOutcome | undefined {
  if (channel !== "email") return numberEndings[/^\+1500555(\d{4})$/.exec(address)?.[1] ?? ""];
  const name = /^([a-z-]+)(?:\+[^@]*)?@/i.exec(address)?.[1]?.toLowerCase();
  return testOutcomes.find((outcome) => outcome === name);
}
