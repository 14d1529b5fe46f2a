import type { CellAddress } from "@reminder-app/platform/crypto";
import type { Id } from "@reminder-app/platform/ids";

/** Where a person's address is kept. */
export function memberEmailCell(id: Id<"Member">): CellAddress {
  return { table: "members", column: "email", businessId: "", rowId: id };
}
