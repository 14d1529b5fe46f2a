import type { Id } from "@reminder-app/platform/ids";
import type { Ctx } from "../ctx.ts";
import { memberTokenRepo } from "./member-tokens.repo.ts";
import { signInRepo } from "./members.repo.ts";
import { peopleSessionsRepo } from "./sessions.repo.ts";

/** End all sessions of a person in all businesses, and what was mailed to them before: nobody keeps a way in. */
export async function endEverywhere(tx: Ctx, memberId: Id<"Member">): Promise<void> {
  await signInRepo(tx.db).raiseTokenVersion(memberId);
  await peopleSessionsRepo(tx.db).revokeAll(memberId, tx.now(), "ended");
  await memberTokenRepo(tx.db).removeOf(memberId);
}
