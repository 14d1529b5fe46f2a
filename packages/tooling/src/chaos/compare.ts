import type { Breakages } from "./break-things.ts";
import type { OurDelivery } from "./ledger.ts";
import type { AcceptedMessage } from "./sandbox-ledger.ts";

export interface ChaosReport {
  readonly expected: number;
  readonly accepted: number;
  readonly held: number;
  readonly lost: number;
  readonly doubled: number;
  /** Extra messages of providers that can be neither asked nor given a key, after an outcome that stayed unknown. */
  readonly doubledBlind: number;
  readonly doubledUnexplained: number;
  readonly unknownSeen: number;
  readonly kills: number;
  readonly apiKills: number;
  readonly freezes: number;
  readonly flushes: number;
  readonly redisRestarts: number;
  readonly dbRestarts: number;
  /** The longest wait for the next send after Redis was emptied while work was due, in milliseconds. */
  readonly firstSendAfterFlushMs: number | null;
  readonly seconds: number;
  readonly states: Readonly<Record<string, number>>;
}

export interface Evidence {
  readonly expected: ReadonlySet<string>;
  readonly accepted: readonly AcceptedMessage[];
  readonly byToken: ReadonlyMap<string, OurDelivery>;
  readonly states: Readonly<Record<string, number>>;
  readonly unknownSeen: number;
  readonly breakages: Breakages;
  readonly lastDueAt: Date;
  readonly seconds: number;
}

/** Only mail is blind: an SMS can be asked for, and an unknown WhatsApp message is held rather than repeated. */
const BLIND = "email";

/** What arrived, against what should have. */
export function compare(evidence: Evidence): ChaosReport {
  const { expected, accepted, byToken, states, unknownSeen, breakages, seconds } = evidence;
  const byAddress = Map.groupBy(accepted, ({ to }) => to);
  const reached = [...expected].filter((address) => byAddress.has(address));
  const reachedIds = new Set(accepted.flatMap(({ token }) => deliveryOf(byToken, token)?.id ?? []));
  const held = new Set(
    [...byToken.values()].filter(({ id, state }) => state === "held" && !reachedIds.has(id)).map(({ id }) => id),
  ).size;
  const extras = [...byAddress.values()].filter((messages) => messages.length > 1);
  const doubled = extras.reduce((sum, messages) => sum + messages.length - 1, 0);
  const doubledBlind = extras.reduce((sum, messages) => sum + explained(messages, byToken), 0);
  return {
    expected: expected.size,
    accepted: reached.length,
    held,
    lost: expected.size - reached.length - held,
    doubled,
    doubledBlind,
    doubledUnexplained: doubled - doubledBlind,
    unknownSeen,
    kills: breakages.kills,
    apiKills: breakages.apiKills,
    freezes: breakages.freezes,
    flushes: breakages.flushes,
    redisRestarts: breakages.redisRestarts,
    dbRestarts: breakages.dbRestarts,
    firstSendAfterFlushMs: firstSendAfterFlush(evidence),
    seconds,
    states,
  };
}

/** What became of the messages that should not be there, a line each. */
export function unexplainedLines({ accepted, byToken }: Pick<Evidence, "accepted" | "byToken">): string[] {
  const extras = [...Map.groupBy(accepted, ({ to }) => to).values()].filter((messages) => messages.length > 1);
  return extras
    .filter((messages) => explained(messages, byToken) < messages.length - 1)
    .map((messages) => {
      const times = messages.map(({ at, token }) => `${at} ${token ?? "-"}`).join(", ");
      return `${messages[0]?.channel ?? ""} ${JSON.stringify(deliveryOf(byToken, messages[0]?.token))}: ${times}`;
    });
}

function explained(messages: readonly AcceptedMessage[], byToken: Evidence["byToken"]): number {
  const delivery = deliveryOf(byToken, messages[0]?.token);
  if (delivery?.channel !== BLIND) return 0;
  return Math.min(messages.length - 1, delivery.unknowns, 1);
}

function deliveryOf(byToken: Evidence["byToken"], token: string | undefined): OurDelivery | undefined {
  return token === undefined ? undefined : byToken.get(token.replaceAll("-", "").toLowerCase());
}

function firstSendAfterFlush({ accepted, breakages, lastDueAt }: Evidence): number | null {
  const times = accepted.map(({ at }) => Date.parse(at)).toSorted((a, b) => a - b);
  const waits = breakages.flushedAt
    .filter((flushedAt) => flushedAt < lastDueAt)
    .flatMap((flushedAt) => {
      const next = times.find((at) => at > flushedAt.getTime());
      return next === undefined ? [] : [next - flushedAt.getTime()];
    });
  return waits.length === 0 ? null : Math.max(...waits);
}
