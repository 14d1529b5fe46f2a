import { sealedColumns } from "@reminder-app/db/sealed-columns";
import type { AccountMailKind } from "@reminder-app/db/schema/members";
import type { CellAddress } from "@reminder-app/platform/crypto";
import { type Id, newId } from "@reminder-app/platform/ids";
import type { SystemCtx } from "../ctx.ts";
import { accountMailRepo } from "./account-mails.repo.ts";

/** What of an account changed, so that its address is told. */
export type AccountChange = "password" | "email" | "second_factor_on" | "second_factor_off" | "recovery_codes";

interface Asked {
  readonly email: string;
}

/** A mail that somebody should get, if what it is about turns out to be so. */
export type MailWish = Asked &
  (
    | { readonly kind: Extract<AccountMailKind, "verify_email" | "already_registered" | "reset_password"> }
    | { readonly kind: "change_email"; readonly subjectId: Id<"Member"> }
    | { readonly kind: "account_changed"; readonly subjectId: AccountChange }
    | {
        readonly kind: "invitation";
        readonly subjectId: Id<"Invitation">;
        readonly businessId: Id<"Business">;
      }
    | {
        readonly kind: "client_link";
        readonly subjectId: Id<"ClientLink">;
        readonly businessId: Id<"Business">;
      }
  );

/**
 * Note, in the transaction of a verb, that a mail about an account is to be sent; the answer is the id to be queued
 * after the commit. It is the same work for every address: who has it is looked up when the mail is written.
 */
export async function askForMail(tx: SystemCtx, { email, ...wish }: MailWish): Promise<Id<"AccountMail">> {
  const id = newId<"AccountMail">();
  const now = tx.now();
  const sealed = tx.vault.seal(email, mailCell(id));
  await accountMailRepo(tx.db).insert({ id, ...wish, email: sealed, nextAt: now, createdAt: now });
  return id;
}

/** Where the address of an account's mail is kept. */
export function mailCell(id: Id<"AccountMail">): CellAddress {
  return sealedColumns.accountMail.cell({ id });
}
