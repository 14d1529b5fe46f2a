import type { Id } from "@reminder-app/platform/ids";
import type { Ctx } from "../ctx.ts";
import { endEverywhere } from "./end-everywhere.ts";
import { linkInvalid } from "./mailed-token.ts";
import { signInRepo } from "./members.repo.ts";
import { secondFactorRepo } from "./second-factor.repo.ts";

export interface Owner {
  readonly name: string;
  readonly passwordHash: string;
}

/**
 * Give an account whose address was never verified to the person who has shown that it is theirs. Whoever registered
 * it keeps no way in: neither password, second factor, session nor link. Throws `link_invalid` when it was verified
 * meanwhile.
 */
export async function takeOverAccount(tx: Ctx, memberId: Id<"Member">, owner: Owner): Promise<Id<"Member">> {
  const people = signInRepo(tx.db);
  const member = await people.lockMember(memberId);
  if (!member || member.emailVerifiedAt) throw linkInvalid();
  await people.changeMember(memberId, { ...owner, emailVerifiedAt: tx.now() });
  await secondFactorRepo(tx.db, memberId).remove();
  await endEverywhere(tx, memberId);
  return memberId;
}
