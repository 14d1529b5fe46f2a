import { sealedColumns } from "@reminder-app/db/sealed-columns";
import type { CellAddress } from "@reminder-app/platform/crypto";
import type { Id } from "@reminder-app/platform/ids";

/** Where a member's authenticator secret lives, sealed. */
export function totpSecretCell(memberId: Id<"Member">): CellAddress {
  return sealedColumns.totpSecret.cell({ id: memberId });
}
