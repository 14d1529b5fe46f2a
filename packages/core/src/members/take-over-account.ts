import type { Id } from "@reminder-app/platform/ids";
import type { Ctx } from "../ctx.ts";
import { accountRepo } from "./account.repo.ts";
import { memberTokenRepo } from "./member-tokens.repo.ts";

export interface Owner {
  readonly name: string;
  readonly passwordHash: string;
}

/**
 * Give an account whose address was never verified to the person who has shown that it is theirs. Whoever registered
 * it keeps no way in: neither password, second factor, session nor link.
 */
export async function takeOverAccount(tx: Ctx, memberId: Id<"Member">, owner: Owner): Promise<Id<"Member">> {
  const account = accountRepo(tx.db, memberId);
  await account.lock();
  await account.update({ ...owner, emailVerifiedAt: tx.now() });
  await account.removeSecondFactor();
  await account.endSessions(tx.now());
  await memberTokenRepo(tx.db).removeOf(memberId);
  return memberId;
}
