import type { Id } from "@reminder-app/platform/ids";
import { type AccountChange, askForMail } from "../account-mail/ask-for-mail.ts";
import type { Ctx } from "../ctx.ts";
import { memberEmailCell } from "./member-email.ts";
import type { Member } from "./members.repo.ts";

/** Tell a member by mail what was changed about how they sign in; the answer is the mail to be queued after the commit. */
export function tellMember(tx: Ctx, { id, email }: Member, change: AccountChange): Promise<Id<"AccountMail">> {
  return askForMail(tx, {
    kind: "account_changed",
    email: tx.vault.open(email, memberEmailCell(id)),
    subjectId: change,
  });
}
