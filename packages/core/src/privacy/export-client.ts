import { sealedColumns } from "@reminder-app/db/sealed-columns";
import type { Id } from "@reminder-app/platform/ids";
import { recordAudit } from "../audit/record-audit.ts";
import { clientRepo } from "../clients/clients.repo.ts";
import { type Ctx, inTransaction, requireRole } from "../ctx.ts";
import { type RecordKind, clientRecordRepo, recordKinds } from "./client-records.repo.ts";

const PAGE = 500;
/** What says nothing about the client: keys of ours, and hashes. */
const unsaid: ReadonlySet<string> = new Set(["businessId", "addressHash", "tokenHash", "networkHash"]);

/**
 * All that is kept about a client, as one JSON document in pieces, so that memory stays bounded: profile, contacts with
 * their addresses, and every message, payment, document and visit. Texts that were sent to nobody alone are not in it.
 */
export async function exportClient(ctx: Ctx, id: Id<"Client">): Promise<AsyncGenerator<string>> {
  requireRole(ctx, "admin", "export a client's data");
  const client = await clientRepo(ctx).get(id);
  await inTransaction(ctx, (tx) => recordAudit(tx, "client.exported", { entityId: id }));
  return write(ctx, client);
}

async function* write(
  ctx: Ctx,
  client: Awaited<ReturnType<ReturnType<typeof clientRepo>["get"]>>,
): AsyncGenerator<string> {
  const repo = clientRecordRepo(ctx);
  const ids = await repo.withMerged(client.id);
  const contacts = await contactsWithAddresses(ctx, ids);
  yield `{"exportedAt":${JSON.stringify(ctx.now())},"client":${text(client)}`;
  yield `,"contacts":${text(contacts)},"tags":${text(await repo.tagsOf(ids))}`;
  for (const kind of recordKinds) {
    yield `,${JSON.stringify(kind)}:[`;
    let comma = "";
    for await (const rows of pagesOf(ctx, kind, ids)) {
      for (const row of rows) {
        yield comma + text(row);
        comma = ",";
      }
    }
    yield "]";
  }
  yield "}\n";
}

async function* pagesOf(ctx: Ctx, kind: RecordKind, ids: readonly Id<"Client">[]): AsyncGenerator<readonly object[]> {
  let cursor: string | undefined;
  for (;;) {
    const rows = await clientRecordRepo(ctx).page(kind, ids, { limit: PAGE, cursor });
    yield await withParts(ctx, kind, rows);
    if (rows.length < PAGE) return;
    cursor = String(rows.at(-1)?.["id"]);
  }
}

type Row = Readonly<Record<string, unknown>>;

/** Messages with every call to their provider, assignments with what was asked for. */
async function withParts(ctx: Ctx, kind: RecordKind, rows: readonly Row[]): Promise<readonly object[]> {
  const repo = clientRecordRepo(ctx);
  const ids = rows.map(({ id }) => String(id));
  if (kind === "deliveries") {
    const attempts = Map.groupBy(await repo.attemptsOf(ids as Id<"Delivery">[]), ({ deliveryId }) =>
      String(deliveryId),
    );
    return rows.map((row) => ({ ...row, attempts: attempts.get(String(row["id"])) ?? [] }));
  }
  if (kind === "assignments") {
    const items = Map.groupBy(await repo.itemsOf(ids as Id<"Assignment">[]), ({ assignmentId }) =>
      String(assignmentId),
    );
    return rows.map((row) => ({ ...row, checklist: items.get(String(row["id"])) ?? [] }));
  }
  return rows;
}

async function contactsWithAddresses(ctx: Ctx, ids: readonly Id<"Client">[]): Promise<object[]> {
  const repo = clientRecordRepo(ctx);
  const contacts = await repo.contactsOf(ids);
  const rows = await repo.addressesOf(contacts.map(({ id }) => id));
  const addresses = Map.groupBy(rows, ({ contactId }) => contactId);
  return contacts.map((contact) => ({
    ...contact,
    addresses: Object.fromEntries(
      (addresses.get(contact.id) ?? []).map((row) => [
        row.channel,
        ctx.vault.open(row.address, sealedColumns.contactAddress.cell(row)),
      ]),
    ),
  }));
}

function text(value: unknown): string {
  return JSON.stringify(value, (name, inner: unknown) => (unsaid.has(name) ? undefined : inner));
}
