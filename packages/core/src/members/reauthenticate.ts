import { MINUTE_MS, after } from "@reminder-app/platform/clock";
import { AppError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { z } from "zod";
import { recordAudit } from "../audit/record-audit.ts";
import { type Ctx, inTransaction } from "../ctx.ts";
import type { AccessClaims } from "./check-session.ts";
import { memberRepo } from "./members.repo.ts";
import { type Proof, proofShape, proveIdentity } from "./prove-identity.ts";
import { sessionRepo } from "./sessions.repo.ts";

const RECENT_MS = 5 * MINUTE_MS;

export const ReauthenticateInput = z.strictObject(proofShape);

/** Prove again who one is, and answer until when that counts as recent. Throws as signing in does. */
export async function reauthenticate(ctx: Ctx, session: AccessClaims, proof: Proof): Promise<Date> {
  const membership = await memberRepo(ctx).findMembership(session.memberId);
  const { member, secondFactor } = await proveIdentity(ctx, membership?.member, proof);
  return inTransaction(ctx, async (tx) => {
    const now = tx.now();
    await sessionRepo(tx).update(session.sessionId, {
      authenticatedAt: now,
      ...(secondFactor && { secondFactorAt: now }),
    });
    await recordAudit(tx, "member.reauthenticated", { entityId: member.id, ...(secondFactor && { secondFactor }) });
    return after(now, RECENT_MS);
  });
}

/** Throws `reauthentication_required` unless the session's member proved who they are in the last 5 minutes. */
export async function requireRecent(ctx: Ctx, sessionId: Id<"Session">): Promise<void> {
  const session = await sessionRepo(ctx).find(sessionId);
  if (session?.authenticatedAt && after(session.authenticatedAt, RECENT_MS) > ctx.now()) return;
  throw new AppError(
    "reauthentication_required",
    "This is possible within 5 minutes of signing in; prove who you are at POST /v1/auth/reauthenticate",
  );
}
