import { randomBytes } from "node:crypto";
import { actFor } from "@reminder-app/core/ctx";
import { emailLookup } from "@reminder-app/core/members/credentials";
import { memberRepo, signInRepo } from "@reminder-app/core/members/members.repo";
import { hashPassword } from "@reminder-app/core/members/password";
import { openDatabase } from "@reminder-app/db/database";
import { loadConfig } from "@reminder-app/platform/config";
import { createVault } from "@reminder-app/platform/crypto";
import { type Id, newId } from "@reminder-app/platform/ids";
import type { MemberRole } from "./cast.ts";

/**
 * Members of any role, written past the API: inviting one takes a mailbox. `environment` has the settings of the API
 * that is served at `url`.
 */
export function openMembers(environment: Readonly<Record<string, string | undefined>>, url: string) {
  const { DATABASE_URL, ENCRYPTION_KEYS, LOOKUP_KEYS } = loadConfig({ ...environment });
  const database = openDatabase({ url: DATABASE_URL, connections: 1 });
  const vault = createVault({ encryptionKeys: ENCRYPTION_KEYS, lookupKeys: LOOKUP_KEYS });

  async function add(businessId: string, role: MemberRole): Promise<string> {
    const ctx = actFor({ db: database.db, vault, now: () => new Date() }, businessId as Id<"Business">, "fuzz");
    const id = newId<"Member">();
    const email = `${role}-${randomBytes(6).toString("hex")}@members.example`;
    const password = randomBytes(15).toString("base64url");
    await signInRepo(ctx.db).insertMember({
      id,
      name: `A ${role}`,
      email: vault.seal(email, { table: "members", column: "email", businessId: "", rowId: id }),
      emailHash: vault.lookup("member-email", emailLookup(email)),
      emailVerifiedAt: ctx.now(),
      passwordHash: await hashPassword(password),
      tokenVersion: 1,
      createdAt: ctx.now(),
    });
    await memberRepo(ctx).insertMembership(id, role, ctx.now());
    return signIn(url, { email, password });
  }

  return { add, close: database.close };
}

async function signIn(url: string, credentials: { email: string; password: string }): Promise<string> {
  const answer = await fetch(`${url}/v1/auth/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(credentials),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`The new member could not sign in: ${answer.status} ${text}`);
  return (JSON.parse(text) as { accessToken: string }).accessToken;
}
