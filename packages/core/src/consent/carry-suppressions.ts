import type { Ctx } from "../ctx.ts";
import { type HashedAddress, suppressionRepo } from "./suppressions.repo.ts";

/**
 * Copy what stands against an address under older look-up keys to its newest hash, the first of `hashes`. For whoever
 * writes an address, or its hash under a new key.
 */
export async function carrySuppressions(tx: Ctx, { channel, hashes }: HashedAddress): Promise<void> {
  const [newest, ...older] = hashes;
  if (!newest || older.length === 0) return;
  const standing = await suppressionRepo(tx).activeAmong(older);
  const rows = standing.filter((row) => row.channel === channel);
  await suppressionRepo(tx).insertMissing(rows.map(({ businessId: _, ...row }) => ({ ...row, addressHash: newest })));
}
