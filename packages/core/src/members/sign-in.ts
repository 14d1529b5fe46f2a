import { randomBytes } from "node:crypto";
import type { Role } from "@reminder-app/db/schema/members";
import { DAY_MS, after } from "@reminder-app/platform/clock";
import { sha256 } from "@reminder-app/platform/crypto";
import { AppError } from "@reminder-app/platform/errors";
import { type Id, newId } from "@reminder-app/platform/ids";
import { z } from "zod";
import { recordAudit } from "../audit/record-audit.ts";
import { type Ctx, type SystemCtx, inTransaction } from "../ctx.ts";
import { emailLookup } from "./credentials.ts";
import { type Member, memberRepo, signInRepo } from "./members.repo.ts";
import { passwordMatches } from "./password.ts";

const SESSION_MS = 30 * DAY_MS;

export const SignInInput = z.strictObject({
  email: z.string().min(1).max(254),
  password: z.string().min(1).max(512),
  businessId: z.uuid().optional().describe("Which business to act for; the first one when left out"),
});

/** A signed-in member, as the access token names them, and the refresh token that renews it. */
export interface SignedIn {
  readonly businessId: Id<"Business">;
  readonly memberId: Id<"Member">;
  readonly sessionId: Id<"Session">;
  readonly role: Role;
  readonly tokenVersion: number;
  readonly refreshToken: string;
}

/** Check a password and open a session. Throws `invalid_credentials`, whatever was wrong. */
export async function signIn(system: SystemCtx, input: z.output<typeof SignInInput>): Promise<SignedIn> {
  const people = signInRepo(system.db);
  const member = await people.findMemberByEmail(system.vault.lookup("member-email", emailLookup(input.email)));
  const matches = await passwordMatches(input.password, member?.passwordHash);
  if (!member || !matches || member.disabledAt) throw wrong();

  const places = await people.businessesOf(member.id);
  const place = input.businessId ? places.find(({ id }) => id === input.businessId) : places[0];
  if (!place) throw wrong();
  return openSession(system, member, place);
}

async function openSession(
  system: SystemCtx,
  member: Member,
  { id: businessId, role }: { id: Id<"Business">; role: Role },
): Promise<SignedIn> {
  const ctx: Ctx = { ...system, businessId, actor: { kind: "member", memberId: member.id, role } };
  const now = ctx.now();
  const sessionId = newId<"Session">();
  const refreshToken = randomBytes(32).toString("base64url");
  await inTransaction(ctx, async (tx) => {
    await memberRepo(tx).insertSession({
      id: sessionId,
      memberId: member.id,
      createdAt: now,
      lastUsedAt: now,
      expiresAt: after(now, SESSION_MS),
    });
    await memberRepo(tx).insertRefreshToken({ tokenHash: sha256(refreshToken), sessionId, createdAt: now });
    await recordAudit(tx, "member.signed_in", { entityId: member.id });
  });
  return { businessId, memberId: member.id, sessionId, role, tokenVersion: member.tokenVersion, refreshToken };
}

function wrong(): AppError {
  return new AppError("invalid_credentials", "The e-mail address or the password is wrong");
}
