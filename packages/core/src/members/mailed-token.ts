import { sealedColumns } from "@reminder-app/db/sealed-columns";
import { randomBytes } from "node:crypto";
import type { MemberTokenPurpose } from "@reminder-app/db/schema/members";
import { HOUR_MS, after } from "@reminder-app/platform/clock";
import { type CellAddress, sha256 } from "@reminder-app/platform/crypto";
import { AppError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { z } from "zod";
import { type Ctx, type SystemCtx, actFor, inTransaction } from "../ctx.ts";
import { type MemberToken, memberTokenRepo } from "./member-tokens.repo.ts";
import { signInRepo } from "./members.repo.ts";

const TOKEN_BYTES = 32;
const LIFE_MS = HOUR_MS;

/** 256 random bits, as they stand in the link of a mail. */
export const MailedToken = z.string().regex(/^[\w-]{43}$/, "must be the token from the link in the mail");

/** A token for a link; only its SHA-256 is stored. */
export function newMailedToken(): { token: string; tokenHash: Buffer } {
  const token = randomBytes(TOKEN_BYTES).toString("base64url");
  return { token, tokenHash: sha256(token) };
}

/** A context for what belongs to a person and to no business. */
export function personCtx(system: SystemCtx): Ctx {
  return actFor(system, "" as Id<"Business">, "account");
}

export interface TokenWish {
  readonly memberId: Id<"Member">;
  readonly purpose: MemberTokenPurpose;
  /** For `change_email`: the address that it changes to. */
  readonly newEmail?: string;
}

/** Make a token that works once, within an hour, for one purpose. It replaces the member's older ones of that purpose. */
export async function issueMailedToken(system: SystemCtx, { memberId, purpose, newEmail }: TokenWish): Promise<string> {
  const { token, tokenHash } = newMailedToken();
  await inTransaction(personCtx(system), async (tx) => {
    await signInRepo(tx.db).lockMember(memberId);
    await memberTokenRepo(tx.db).removeOf(memberId, purpose);
    await memberTokenRepo(tx.db).insert({
      tokenHash,
      memberId,
      purpose,
      newEmail: newEmail === undefined ? null : tx.vault.seal(newEmail, newEmailCell(tokenHash)),
      expiresAt: after(tx.now(), LIFE_MS),
      createdAt: tx.now(),
    });
  });
  return token;
}

/** What a token stands for, without using it. Throws `link_invalid`. */
export async function requireMailedToken(
  { db, now }: SystemCtx,
  purpose: MemberTokenPurpose,
  token: string,
): Promise<MemberToken> {
  const found = await memberTokenRepo(db).findLive(sha256(token), purpose, now());
  if (!found) throw linkInvalid();
  return found;
}

/** Use a token up, in the transaction of what it allows. Throws `link_invalid`. */
export async function useMailedToken(tx: SystemCtx, purpose: MemberTokenPurpose, token: string): Promise<MemberToken> {
  const found = await requireMailedToken(tx, purpose, token);
  if (!(await memberTokenRepo(tx.db).use(found.tokenHash, purpose, tx.now()))) throw linkInvalid();
  return found;
}

/** Where the new address of a `change_email` token is kept. */
export function newEmailCell(tokenHash: Buffer): CellAddress {
  return sealedColumns.newEmail.cell({ tokenHash });
}

export function linkInvalid(): AppError {
  return new AppError(
    "link_invalid",
    "This link does not work: it was used, replaced by a newer one, taken back or has expired. Ask for a new one",
  );
}
