import type { Id } from "@reminder-app/platform/ids";
import type { Ctx } from "../ctx.ts";
import { endEverywhere } from "./end-everywhere.ts";
import { signInRepo } from "./members.repo.ts";

export interface Owner {
  readonly name: string;
  readonly passwordHash: string;
}

/**
 * Give an account whose address was never verified to the person who has shown that it is theirs. Whoever registered
 * it keeps no way in: neither password, second factor, session nor link.
 */
export async function takeOverAccount(tx: Ctx, memberId: Id<"Member">, owner: Owner): Promise<Id<"Member">> {
  const people = signInRepo(tx.db);
  await people.lockMember(memberId);
  await people.changeMember(memberId, {
    ...owner,
    emailVerifiedAt: tx.now(),
    totpSecret: null,
    totpConfirmedAt: null,
    totpLastStep: null,
  });
  await endEverywhere(tx, memberId);
  return memberId;
}
