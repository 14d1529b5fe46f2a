import { after } from "@reminder-app/platform/clock";
import { type SendFacts, type Verdict, checkSendable } from "../deliveries/check-sendable.ts";
import type { Delivery } from "../deliveries/deliveries.repo.ts";

/** What will become of a send, as everything stands now. */
export const sendStatuses = ["planned", "queued", "held", "awaiting_approval", "approved", "will_skip"] as const;
export type SendStatus = (typeof sendStatuses)[number];

export interface Prediction {
  readonly status: SendStatus;
  readonly reason: string | null;
  /** When it goes, or for what waits for a person would go if they let it go before; null where it does not. */
  readonly expectedAt: Date | null;
}

/** What the claim will look at. */
export type Waiting = Pick<Delivery, "state" | "reason" | "nextAt" | "dueAt"> & { readonly planned: boolean };

/** Follow a delivery through the claims that it will meet, by the claim's own rules. Pure. */
export function predictSend(row: Waiting, facts: SendFacts, now: Date): Prediction {
  if (row.nextAt === null) return { status: "will_skip", reason: row.reason, expectedAt: null };
  if (facts.waitsForPerson) return predictHeld(row, facts, now);
  const { verdict, at, waited } = follow(facts, later(row.nextAt, now));
  if (verdict.kind === "stop") return { status: "will_skip", reason: verdict.reason, expectedAt: null };
  const status = facts.decision === "approve" ? "approved" : row.planned ? "queued" : "planned";
  return { status, reason: waited ?? row.reason, expectedAt: at };
}

/** It goes if a person lets it, and comes to its end with its reason if nobody does. */
function predictHeld({ dueAt }: Waiting, facts: SendFacts, now: Date): Prediction {
  const { waitsForPerson = "held_by_staff" } = facts;
  const end = checkSendable(facts, facts.expiresAt);
  if (end.kind === "stop" && end.reason !== waitsForPerson)
    return { status: "will_skip", reason: end.reason, expectedAt: null };
  const released = follow({ ...facts, waitsForPerson: undefined }, later(dueAt, now));
  return {
    status: waitsForPerson === "held_by_staff" ? "held" : "awaiting_approval",
    reason: waitsForPerson,
    expectedAt: released.verdict.kind === "send" ? released.at : null,
  };
}

function later(one: Date, other: Date): Date {
  return one > other ? one : other;
}

/** More claims than this a message never meets before it expires. */
const MOST_CLAIMS = 1_000;

function follow(facts: SendFacts, from: Date): { verdict: Verdict; at: Date; waited?: string } {
  let at = from;
  let waited: string | undefined;
  for (let claims = 0; claims < MOST_CLAIMS; claims += 1) {
    const verdict = checkSendable(facts, at);
    if (verdict.kind !== "wait") return { verdict, at, ...(waited !== undefined && { waited }) };
    waited = verdict.reason;
    at = verdict.until > at ? verdict.until : after(at, 1);
  }
  return { verdict: { kind: "stop", state: "expired", reason: "too_late" }, at };
}
