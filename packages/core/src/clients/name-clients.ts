import type { Id } from "@reminder-app/platform/ids";
import type { Ctx } from "../ctx.ts";
import { clientRepo } from "./clients.repo.ts";

/** Rows with the names of the clients whom they are about, for lists that people read elsewhere. */
export async function* withClientNames<Row extends { readonly clientId: Id<"Client"> | null }>(
  ctx: Ctx,
  pages: AsyncIterable<readonly Row[]>,
): AsyncGenerator<readonly (Row & { readonly clientName: string | null })[]> {
  for await (const rows of pages) {
    const clients = await clientRepo(ctx).some([...new Set(rows.flatMap(({ clientId }) => clientId ?? []))]);
    yield rows.map((row) => ({ ...row, clientName: (row.clientId && clients.get(row.clientId)?.name) ?? null }));
  }
}
