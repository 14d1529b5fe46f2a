import { AppError, NotFoundError, invalid } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { z } from "zod";
import { recordAudit } from "../audit/record-audit.ts";
import { changeClient } from "../clients/change-client.ts";
import { type Client, clientRepo } from "../clients/clients.repo.ts";
import { type Ctx, dryRun, inTransaction, requireAllClients, requireRole } from "../ctx.ts";
import { stopDeliveries } from "../deliveries/stop-deliveries.ts";
import { addTagsToClients } from "../tags/change-tags.ts";
import { clientTagRepo } from "../tags/client-tags.repo.ts";
import { emitEvent } from "../webhooks/emit-event.ts";
import { type MergedAssignments, lockRemindersOf, mergeAssignments } from "./merge-assignments.ts";
import { movedRecordRepo } from "./moved-records.repo.ts";

export const MergeClientInput = z.strictObject({
  from: z.uuid().describe("The client that turned out to be this one"),
  dryRun: z.boolean().default(false).describe("true tells what would happen, and changes nothing"),
});

/** What became of the merged client's things, or would. */
export interface Merge extends MergedAssignments {
  readonly clientId: Id<"Client">;
  readonly from: Id<"Client">;
  readonly dryRun: boolean;
  /** Which of its fields the survivor, who had none, has now. */
  readonly filled: readonly string[];
  readonly tags: readonly string[];
  readonly contacts: number;
  readonly paymentRequests: number;
  readonly payments: number;
  readonly documents: number;
  readonly links: number;
  readonly tasks: number;
}

/**
 * Let a client that turned out to be another one be that one: contacts, tags, links, documents, money, and what it is
 * reminded of become the survivor's; what was sent stays on record and is told with the survivor's history. What both are
 * reminded of is the survivor's alone. Suppressed addresses stay so. Doing it again changes nothing.
 */
export async function mergeClient(
  ctx: Ctx,
  clientId: Id<"Client">,
  input: z.output<typeof MergeClientInput>,
): Promise<Merge> {
  requireRole(ctx, "staff", "merge clients");
  requireAllClients(ctx, "merge clients");
  const from = input.from as Id<"Client">;
  if (from === clientId) throw invalid("from", "must be another client");
  const run = (tx: Ctx) => merge(tx, { from, to: clientId });
  const merged = input.dryRun ? await dryRun(ctx, run) : await inTransaction(ctx, run);
  return { clientId, from, dryRun: input.dryRun, ...merged };
}

interface Both {
  readonly from: Id<"Client">;
  readonly to: Id<"Client">;
}

async function merge(tx: Ctx, both: Both): Promise<Omit<Merge, "clientId" | "from" | "dryRun">> {
  const { from, to } = both;
  await clientRepo(tx).get(to);
  // Reminders are locked before assignments, and these before clients, as everywhere.
  const reminders = await lockRemindersOf(tx, both);
  const repo = movedRecordRepo(tx, both);
  const assignments = await repo.lockAssignments();
  const present = await repo.lockBoth();
  const [merging, survivor] = [present.get(from), present.get(to)];
  if (!survivor) throw new NotFoundError("Client", to);
  if (!merging) throw notFound(from);
  if (merging.mergedInto === to) return nothing;
  requireMergeable(merging, survivor);

  const moved = await mergeAssignments(tx, {
    ...both,
    reminders,
    assignments,
    isArchived: merging.archivedAt !== null,
  });
  const tags = (await clientTagRepo(tx).listOf([from])).get(from) ?? [];
  const counts = await repo.moveRecords();
  const filled = await fillBlanks(tx, merging, survivor);
  await repo.markMerged(tx.now());
  // What is left is the like of something that the survivor gets.
  const { inFlight } = await stopDeliveries(tx, { clientId: from }, "client_archived");
  const tagged = await addTagsToClients(tx, [{ clientId: to, tags }]);
  await emitEvent(tx, "client.merged", { clientId: to, from });
  const answer = { ...moved, inFlight: moved.inFlight + inFlight, ...counts, filled, tags };
  await recordAudit(tx, "client.merged", { entityId: to, from, ...counts, filled, tags });
  return { ...answer, reminderIds: [...new Set([...moved.reminderIds, ...tagged.reminderIds])] };
}

const nothing = {
  filled: [], tags: [], contacts: 0, paymentRequests: 0, payments: 0, documents: 0, links: 0, tasks: 0,
  assignments: 0, cancelled: [], inFlight: 0, reminderIds: [],
}; // prettier-ignore

function notFound(from: Id<"Client">): AppError {
  const message = `Client ${from} not found`;
  return new AppError("not_found", message, { issues: [{ field: "from", message }] });
}

/** Throws `conflict` where one of the two is not a client in its own right. */
function requireMergeable(merging: Client, survivor: Client): void {
  if (survivor.mergedInto)
    throw new AppError("conflict", `The client was merged into ${survivor.mergedInto}; merge into that one`);
  if (survivor.archivedAt) throw new AppError("conflict", "The client is archived; restore it first");
  if (merging.mergedInto)
    throw new AppError("conflict", `Client ${merging.id} was merged into ${merging.mergedInto} already`);
  if (merging.erasedAt || survivor.erasedAt) throw new AppError("conflict", "What is personal of it was erased");
}

/** What the survivor has not, and the merged client has. An external id can be one client's only. */
async function fillBlanks(tx: Ctx, merging: Client, survivor: Client): Promise<string[]> {
  const fields = ["externalId", "timeZone", "locale", "facts"] as const;
  const blank = fields.filter((field) => survivor[field] === null && merging[field] !== null);
  if (blank.length === 0) return [];
  if (blank.includes("externalId")) await clientRepo(tx).update(merging.id, { externalId: null });
  await changeClient(tx, survivor.id, Object.fromEntries(blank.map((field) => [field, merging[field] ?? undefined])));
  return blank;
}
