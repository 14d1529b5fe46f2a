import type { Id } from "@reminder-app/platform/ids";
import type { z } from "zod";
import type { Ctx } from "../ctx.ts";
import { PageQuery, toPage } from "../page.ts";
import { isReceiptSlot } from "../deliveries/receipts.ts";
import { type ReasonCode, reasons } from "../reasons.ts";
import { channelNames } from "./channel-names.ts";
import { attemptSentences, bareReason, reasonOfDelivery } from "./outcome.ts";
import { type ToldOccurrence, tellOccurrence } from "./page-occurrences.ts";
import { toldOccurrenceRepo } from "./told-occurrences.repo.ts";

/** So many are named of those who got nothing. */
const MOST_NAMED = 100;

export const GetOccurrenceQuery = PageQuery;

type Rows = Awaited<ReturnType<ReturnType<typeof toldOccurrenceRepo>["deliveriesOf"]>>;
type Attempts = Awaited<ReturnType<ReturnType<typeof toldOccurrenceRepo>["attemptsOf"]>>;

/** A delivery, why it is in its state, and what each call to the provider came to. */
export type ToldDelivery = Omit<Rows[number], "reason"> & {
  readonly reason: ReasonCode;
  readonly said: string | null;
  readonly sentence: string;
  readonly attempts: readonly (Attempts[number] & { readonly sentence: string })[];
};

/** A client that was on the reminder and of whom no message was made. */
export interface WithoutDelivery {
  readonly assignmentId: Id<"Assignment">;
  readonly clientId: Id<"Client">;
  readonly clientName: string;
  readonly reason: ReasonCode;
  readonly sentence: string;
}

export interface OccurrenceInFull extends ToldOccurrence {
  readonly deliveries: readonly ToldDelivery[];
  /** Who got none and why; told with the first page, and at most a hundred. */
  readonly without: readonly WithoutDelivery[];
  /** Give it as cursor for further deliveries. */
  readonly nextCursor?: string;
}

/** One moment with all that became of it. Throws `not_found`, also for a step of a client out of reach. */
export async function getOccurrence(
  ctx: Ctx,
  id: Id<"Occurrence">,
  { limit, cursor }: z.output<typeof GetOccurrenceQuery>,
): Promise<OccurrenceInFull> {
  const repo = toldOccurrenceRepo(ctx);
  const occurrence = await repo.get(id);
  const rows = await repo.deliveriesOf(id, { limit, cursor: cursor as Id<"Delivery"> | undefined });
  const { items, nextCursor } = toPage(rows, limit);
  const calls = Map.groupBy(await repo.attemptsOf(items.map((row) => row.id)), ({ deliveryId }) => deliveryId);
  // What is sent by hand, or in thanks, goes to whom it was meant for, and to nobody else.
  const isApart = occurrence.slotKey.startsWith("M:") || isReceiptSlot(occurrence.slotKey);
  const isForAll = !isApart && cursor === undefined;
  const bystanders = isForAll ? await repo.withoutDelivery(occurrence, MOST_NAMED) : [];
  return {
    ...tellOccurrence(occurrence),
    deliveries: items.map((row) => tellDelivery(row, calls.get(row.id) ?? [])),
    without: bystanders.map(({ archivedAt, round, ...who }) => {
      const reason = bareReason(occurrence, { archivedAt, cameBack: round > 1 });
      return { ...who, reason, sentence: `${who.clientName}: ${reasons[reason]}` };
    }),
    ...(nextCursor !== undefined && { nextCursor }),
  };
}

function tellDelivery(row: Rows[number], calls: Attempts): ToldDelivery {
  const { reason, said } = reasonOfDelivery(row);
  const to = `${row.contactName} (${row.clientName})`;
  return {
    ...row,
    reason,
    said,
    sentence: `By ${channelNames[row.channel]} to ${to}: ${reasons[reason]}${said === null ? "" : ` (${said})`}`,
    attempts: calls.map((call) => ({ ...call, sentence: attemptSentences[call.state] })),
  };
}
