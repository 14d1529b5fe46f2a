import type { Id } from "@reminder-app/platform/ids";
import { z } from "zod";
import { type Client, clientRepo } from "../clients/clients.repo.ts";
import { type Ctx, requireAllClients } from "../ctx.ts";
import { duplicateRepo } from "./duplicates.repo.ts";
import { type Pair, createNameMatcher } from "./similar-names.ts";

const CHUNK = 2_000;
/** Of a business with more clients the oldest ones are compared by name; all by address and external id. */
const MOST_NAMES = 100_000;
const MOST_FOUND = 1_000;

export const signs = ["same_address", "same_external_id", "similar_name"] as const;
export type Sign = (typeof signs)[number];

export const DuplicatesQuery = z.strictObject({ limit: z.int().min(1).max(100).default(50) });

/** Two clients that may be the same one. */
export interface Duplicate {
  /** The older one first. */
  readonly clients: readonly [Client, Client];
  /** What speaks for it, the strongest first. */
  readonly because: readonly Sign[];
}

/** Pairs of clients that may be the same one, those that more speaks for first. Merging them makes room for others. */
export async function pageDuplicates(
  ctx: Ctx,
  { limit }: z.output<typeof DuplicatesQuery>,
): Promise<{ items: Duplicate[]; more: boolean }> {
  requireAllClients(ctx, "look for duplicates");
  const repo = duplicateRepo(ctx);
  const found = new Map<string, { readonly ids: readonly [Id<"Client">, Id<"Client">]; readonly because: Set<Sign> }>();
  const add = (sign: Sign, pairs: readonly (readonly [Id<"Client">, Id<"Client">])[]) => {
    for (const ids of pairs) {
      const key = ids.join(" ");
      const known = found.get(key) ?? { ids, because: new Set<Sign>() };
      known.because.add(sign);
      found.set(key, known);
    }
  };
  add("same_address", await repo.byAddress(MOST_FOUND));
  add("same_external_id", await repo.byExternalId(MOST_FOUND));
  add("similar_name", await similarNames(ctx));
  const ranked = [...found.values()].toSorted((one, other) => weight(other.because) - weight(one.because));
  const shown = ranked.slice(0, limit);
  const clients = await clientRepo(ctx).some(shown.flatMap(({ ids }) => ids));
  const items = shown.flatMap(({ ids: [first, second], because }): Duplicate[] => {
    const pair = [clients.get(first), clients.get(second)] as const;
    return pair[0] && pair[1] ? [{ clients: [pair[0], pair[1]], because: [...because] }] : [];
  });
  return { items, more: ranked.length > limit };
}

/** Two signs speak louder than one, and an address louder than a name. */
function weight(because: ReadonlySet<Sign>): number {
  return [...because].reduce((sum, sign) => sum + 2 ** (signs.length - signs.indexOf(sign)), 0);
}

/** In pieces, so that others are served in between. */
async function similarNames(ctx: Ctx): Promise<Pair<Id<"Client">>[]> {
  const matcher = createNameMatcher<Id<"Client">>();
  const pairs: Pair<Id<"Client">>[] = [];
  let cursor: Id<"Client"> | undefined;
  for (let read = 0; read < MOST_NAMES; read += CHUNK) {
    const chunk = await duplicateRepo(ctx).names(cursor, CHUNK);
    for (const client of chunk) pairs.push(...matcher.add(client));
    cursor = chunk.at(-1)?.id;
    if (chunk.length < CHUNK || pairs.length > MOST_FOUND) break;
  }
  return pairs;
}
