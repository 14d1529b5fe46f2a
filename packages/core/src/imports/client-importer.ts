import type { Id } from "@reminder-app/platform/ids";
import { businessRepo } from "../businesses/businesses.repo.ts";
import type { Client } from "../clients/clients.repo.ts";
import type { Ctx } from "../ctx.ts";
import { type ClientChange, compareClients } from "./compare-client.ts";
import { countryOfBusiness } from "./country.ts";
import type { Columns } from "./fields.ts";
import { findClients, keysOf } from "./find-clients.ts";
import { type Importer, type Verdict, refused } from "./importer.ts";
import { type ClientRow, readClientRow } from "./read-client-row.ts";
import type { RowIssue } from "./row-issue.ts";
import { createSeenKeys } from "./seen-keys.ts";
import { changeClients, createClients } from "./write-clients.ts";

interface ReadClient {
  readonly row: number;
  readonly said?: ClientRow;
  readonly issues: readonly RowIssue[];
}

const CHUNK = 500;

/** Rows become clients, or change those whom they mean. Of rows about the same client the first one counts. */
export async function clientImporter(ctx: Ctx, columns: Columns): Promise<Importer<ReadClient>> {
  const defaults = { country: countryOfBusiness(await businessRepo(ctx).get()) };
  const seen = createSeenKeys();

  return {
    chunk: CHUNK,
    rowOf: ({ row }) => row,
    read: (rows) =>
      rows.map((csv) => {
        const result = readClientRow(csv, columns, defaults);
        if ("issues" in result) return { row: csv.row, issues: result.issues };
        const keys = keysOf(result.row);
        const earlier = seen.find(keys[0]);
        if (earlier !== undefined) return { row: csv.row, issues: [repeats(earlier)] };
        for (const key of keys) seen.add(key, csv.row);
        return { row: csv.row, said: result.row, issues: [] };
      }),
    async apply(tx, rows, write) {
      const said = rows.flatMap((row) => row.said ?? []);
      const decided = decide(said, await findClients(tx, said), (clientId) => seen.find(claimOf(clientId)));
      const compare = await compareClients(
        tx,
        [...decided.matched.values()].map(({ id }) => id),
      );
      const changes = new Map<number, ClientChange>();
      for (const row of said) {
        const client = decided.matched.get(row.row);
        const change = client && compare(row, client);
        if (change) changes.set(row.row, change);
      }
      const news = said.filter(({ row }) => decided.created.has(row));
      const ids = write ? await createClients(tx, news) : [];
      if (write) await changeClients(tx, [...changes.values()]);
      const created = new Map(news.map(({ row }, at) => [row, ids[at]]));
      return rows.map(({ row, issues }): Verdict => {
        const refusal = decided.refused.get(row);
        if (issues.length > 0 || refusal) return refused(row, ...issues, ...(refusal ? [refusal] : []));
        const clientId = created.get(row) ?? decided.matched.get(row)?.id;
        const outcome = created.has(row) ? "created" : changes.has(row) ? "changed" : "unchanged";
        return { row, outcome, issues: [], ...(clientId && { clientId }) };
      });
    },
    applied(verdicts) {
      for (const { row, clientId } of verdicts) if (clientId) seen.add(claimOf(clientId), row);
    },
  };
}

interface Decided {
  readonly created: ReadonlySet<number>;
  readonly matched: ReadonlyMap<number, Client>;
  readonly refused: ReadonlyMap<number, RowIssue>;
}

/** Whom each row means; a client who was meant by a row before is not changed once more. */
function decide(
  rows: readonly ClientRow[],
  find: Awaited<ReturnType<typeof findClients>>,
  claimedBefore: (clientId: Id<"Client">) => number | undefined,
): Decided {
  const created = new Set<number>();
  const matched = new Map<number, Client>();
  const refusals = new Map<number, RowIssue>();
  const claimed = new Map<Id<"Client">, number>();
  for (const row of rows) {
    const found = find(row);
    if (found.kind === "new") created.add(row.row);
    if (found.kind === "refused") refusals.set(row.row, found.issue);
    if (found.kind !== "client") continue;
    const { client } = found;
    const earlier = claimed.get(client.id) ?? claimedBefore(client.id);
    const takesId = row.client.externalId !== undefined && client.externalId === null;
    if (earlier === undefined || earlier === row.row) {
      matched.set(row.row, client);
      claimed.set(client.id, row.row);
    } else if (takesId) created.add(row.row);
    else refusals.set(row.row, repeats(earlier));
  }
  return { created, matched, refused: refusals };
}

const claimOf = (clientId: Id<"Client">) => `c:${clientId}`;
const repeats = (row: number): RowIssue => ({
  field: "",
  message: `is about the same client as row ${row}, which counts`,
});
