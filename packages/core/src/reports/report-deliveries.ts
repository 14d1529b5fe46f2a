import type { DeliveryState } from "@reminder-app/db/schema/deliveries";
import { z } from "zod";
import type { Ctx } from "../ctx.ts";
import { isReasonCode, reasons } from "../reasons.ts";
import { countDeliveries } from "./count-deliveries.ts";
import type { CountBy, CountKind, DeliveryCount } from "./delivery-counts.repo.ts";
import { type Period, PeriodQuery, periodOf } from "./period.ts";

/** By what messages are told apart in a report. `template` is a reminder and its step, which is where its text stands. */
export const deliveryGroups = ["day", "channel", "template", "state", "reason"] as const;

export const DeliveryReportQuery = PeriodQuery.extend({
  by: z.enum(deliveryGroups).default("channel").describe("What each line of the report is about"),
});

/** What came of messages. The parts add up to `total`. */
export interface Outcomes {
  readonly total: number;
  /** They wait, are being sent, or it is not known yet whether they were. */
  readonly waiting: number;
  /** The provider took them: those `delivered`, those that `bounced`, and those of which it has not said more. */
  readonly sent: number;
  readonly delivered: number;
  readonly bounced: number;
  /** Refused for good, or given up. */
  readonly failed: number;
  /** Left out, too late, or stopped before they went. */
  readonly notSent: number;
}

/** One line of the report; only what it is about is there. */
export interface DeliveryLine extends Outcomes {
  readonly day?: string;
  readonly channel?: string;
  readonly reminderId?: string;
  readonly stepId?: string | null;
  readonly state?: string;
  readonly reason?: string | null;
  /** The reason in plain words, where it is one of ours. */
  readonly sentence?: string | null;
}

export interface DeliveryReport extends Pick<Period, "from" | "to"> {
  readonly all: Outcomes;
  readonly lines: readonly DeliveryLine[];
}

/** What came of the messages whose moment came in a period, in all and line by line. Its sums are the ledger's. */
export async function reportDeliveries(
  ctx: Ctx,
  { by, ...query }: z.output<typeof DeliveryReportQuery>,
): Promise<DeliveryReport> {
  const period = await periodOf(ctx, query);
  const counts: readonly Counted[] = await countDeliveries(ctx, period, kindsOf[by]);
  const lines = new Map<string, { about: object; counts: Counted[] }>();
  for (const count of counts) {
    const about = aboutOf[by](count);
    const key = Object.values(about).join("\n");
    const line = lines.get(key);
    if (line) line.counts.push(count);
    else lines.set(key, { about, counts: [count] });
  }
  return {
    from: period.from,
    to: period.to,
    all: outcomesOf(counts),
    lines: [...lines]
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([, line]) => ({ ...line.about, ...outcomesOf(line.counts) })),
  };
}

/** What a line is about, beside the state that all lines are made up of. */
const kindsOf = {
  day: ["day", "state"],
  channel: ["channel", "state"],
  template: ["reminderId", "stepId", "state"],
  state: ["state"],
  reason: ["state", "reason"],
} as const satisfies Record<(typeof deliveryGroups)[number], readonly CountKind[]>;

type Counted = Partial<Omit<DeliveryCount, "state">> & CountBy<"state">;

const aboutOf = {
  day: ({ day }) => ({ day }),
  channel: ({ channel }) => ({ channel }),
  template: ({ reminderId, stepId }) => ({ reminderId, stepId: stepId === "" ? null : stepId }),
  state: ({ state }) => ({ state }),
  reason: ({ state, reason = "" }) => ({
    state,
    reason: reason === "" ? null : reason,
    sentence: isReasonCode(reason) ? reasons[reason] : null,
  }),
} satisfies Record<
  (typeof deliveryGroups)[number],
  (count: Counted) => { [Field in keyof DeliveryLine]?: DeliveryLine[Field] | undefined }
>;

const partsOf = {
  queued: ["waiting"],
  retry: ["waiting"],
  sending: ["waiting"],
  unknown: ["waiting"],
  held: ["waiting"],
  accepted: ["sent"],
  delivered: ["sent", "delivered"],
  read: ["sent", "delivered"],
  undelivered: ["sent", "bounced"],
  failed: ["failed"],
  dead: ["failed"],
  skipped: ["notSent"],
  expired: ["notSent"],
  cancelled: ["notSent"],
} as const satisfies Record<DeliveryState, readonly (keyof Outcomes)[]>;

/** Whether the provider took the message. */
export function wasSent(state: DeliveryState): boolean {
  return (partsOf[state] as readonly string[]).includes("sent");
}

function outcomesOf(counts: readonly CountBy<"state">[]): Outcomes {
  const sums = { total: 0, waiting: 0, sent: 0, delivered: 0, bounced: 0, failed: 0, notSent: 0 };
  for (const { state, deliveries } of counts) {
    sums.total += deliveries;
    for (const part of partsOf[state]) sums[part] += deliveries;
  }
  return sums;
}
