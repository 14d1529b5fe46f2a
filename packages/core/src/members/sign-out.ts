import type { Id } from "@reminder-app/platform/ids";
import { recordAudit } from "../audit/record-audit.ts";
import { type Ctx, inTransaction } from "../ctx.ts";
import { memberRepo } from "./members.repo.ts";

/** End a session: its access token and its refresh tokens are refused from now on. */
export async function signOut(ctx: Ctx, sessionId: Id<"Session">): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    const ended = await memberRepo(tx).revokeSession(sessionId, tx.now(), "logout");
    if (ended) await recordAudit(tx, "member.signed_out", { entityId: sessionId });
  });
}
