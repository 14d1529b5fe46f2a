import type { Id } from "@reminder-app/platform/ids";
import { clientFactsSchema } from "@reminder-app/schedule/client-facts";
import { zoneSchema } from "@reminder-app/schedule/zones";
import { z } from "zod";
import { assignmentRepo } from "../assignments/assignments.repo.ts";
import { followFacts, lockRuled } from "../assignments/follow-facts.ts";
import { changesOf } from "../audit/changes.ts";
import { recordAudit } from "../audit/record-audit.ts";
import { type Ctx, inTransaction, requireRole } from "../ctx.ts";
import { withoutUndefined } from "../defined.ts";
import { stopDeliveries } from "../deliveries/stop-deliveries.ts";
import { line, localeSchema } from "../texts.ts";
import { clientRepo } from "./clients.repo.ts";
import { refuseTakenExternalId } from "./create-client.ts";
import { type ClientWithContacts, getClient } from "./get-client.ts";
import { neverChaseSchema } from "./never-chase.ts";

export const ChangeClientInput = z
  .strictObject({
    name: line(200),
    externalId: line(100).nullable(),
    timeZone: zoneSchema.nullable(),
    locale: localeSchema.nullable(),
    facts: clientFactsSchema.nullable().describe("All of them: what is left out is no longer known"),
    neverChase: neverChaseSchema,
  })
  .partial();

export interface ChangedClient extends ClientWithContacts {
  /** Reminders whose next moment may have moved with the client's facts. */
  readonly redated: readonly Id<"Reminder">[];
}

/** Change a client. New facts move the due dates that followed from the old ones, and the steps around them. */
export async function changeClient(
  ctx: Ctx,
  id: Id<"Client">,
  input: z.output<typeof ChangeClientInput>,
): Promise<ChangedClient> {
  requireRole(ctx, "staff", "change clients");
  return inTransaction(ctx, async (tx) => {
    const change = withoutUndefined(input);
    const ruled = change.facts === undefined ? [] : await lockRuled(tx, id);
    const before = await clientRepo(tx).get(id);
    await refuseTakenExternalId(() => clientRepo(tx).update(id, { ...change, updatedAt: tx.now() }));
    if (change.neverChase) {
      await assignmentRepo(tx).lockOfClients([id]);
      await stopDeliveries(tx, { clientId: id }, change.neverChase);
    }
    const redated = await followFacts(tx, ruled, { before: before.facts, now: change.facts ?? null });
    const client = await getClient(tx, id);
    await recordAudit(tx, "client.changed", { entityId: id, changes: changesOf(before, change) });
    return { ...client, redated };
  });
}
