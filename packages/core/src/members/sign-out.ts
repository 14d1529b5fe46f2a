import { recordAudit } from "../audit/record-audit.ts";
import { type Ctx, inTransaction } from "../ctx.ts";
import type { AccessClaims } from "./check-session.ts";
import { peopleSessionsRepo, sessionRepo } from "./sessions.repo.ts";

const FORGOTTEN_AT_ONCE = 100;

/** End a session: its access token is refused by its id until it expires, and its refresh tokens from now on. */
export async function signOut(ctx: Ctx, { sessionId, tokenId, expiresAt }: AccessClaims): Promise<void> {
  await peopleSessionsRepo(ctx.db).forgetExpiredTokens(ctx.now(), FORGOTTEN_AT_ONCE);
  await inTransaction(ctx, async (tx) => {
    await peopleSessionsRepo(tx.db).revokeToken({ jti: tokenId, expiresAt });
    const ended = await sessionRepo(tx).revoke(sessionId, tx.now(), "logout");
    if (ended) await recordAudit(tx, "member.signed_out", { entityId: sessionId });
  });
}
