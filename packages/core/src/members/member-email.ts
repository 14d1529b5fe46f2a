import { isDuplicateKey } from "@reminder-app/db/faults";
import { sealedColumns } from "@reminder-app/db/sealed-columns";
import type { CellAddress, Vault } from "@reminder-app/platform/crypto";
import type { Id } from "@reminder-app/platform/ids";
import type { SystemCtx } from "../ctx.ts";
import { signInRepo } from "./members.repo.ts";

/** Where a person's address is kept. */
export function memberEmailCell(id: Id<"Member">): CellAddress {
  return sealedColumns.memberEmail.cell({ id });
}

/**
 * By what a person is found: the hashes of their address under all look-up keys, the newest first, which is the one to
 * store. Upper and lower case do not matter.
 */
export function memberEmailHashes(vault: Vault, email: string): [newest: Buffer, ...older: Buffer[]] {
  const [newest, ...older] = sealedColumns.memberEmail.hashes(vault, email, undefined);
  if (!newest) throw new TypeError("A key ring needs at least one key");
  return [newest, ...older];
}

/** Somebody has the address already. */
class AddressTaken extends Error {
  override name = "AddressTaken";
}

/** Whether a write failed because somebody has the address already. */
export function isAddressTaken(thrown: unknown): boolean {
  return thrown instanceof AddressTaken || isDuplicateKey(thrown);
}

/**
 * The hash to store with a new address. The unique key knows the hash under the newest look-up key only, so that who is
 * still found by an older one is looked for here. Throws, as the write may; see {@link isAddressTaken}.
 */
export async function newAddressHash(tx: SystemCtx, email: string): Promise<Buffer> {
  const [newest, ...older] = memberEmailHashes(tx.vault, email);
  if (older.length > 0 && (await signInRepo(tx.db).findMemberByEmail(older))) throw new AddressTaken();
  return newest;
}
