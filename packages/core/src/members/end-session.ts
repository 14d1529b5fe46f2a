import { NotFoundError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { recordAudit } from "../audit/record-audit.ts";
import { type Ctx, inTransaction } from "../ctx.ts";
import type { AccessClaims } from "./check-session.ts";
import { sessionRepo } from "./sessions.repo.ts";

/** End one of the caller's sessions, from whichever of them. Throws `not_found` unless it is theirs and goes on. */
export async function endSession(ctx: Ctx, { memberId }: AccessClaims, sessionId: Id<"Session">): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    const session = await sessionRepo(tx).find(sessionId);
    const ended = session?.memberId === memberId && (await sessionRepo(tx).revoke(sessionId, tx.now(), "ended"));
    if (!ended) throw new NotFoundError("Session", sessionId);
    await recordAudit(tx, "session.ended", { entityId: sessionId });
  });
}
