import { randomBytes } from "node:crypto";
import { sendAccountMail } from "@reminder-app/core/account-mail/send-account-mail";
import { type SystemCtx, actFor } from "@reminder-app/core/ctx";
import { emailLookup } from "@reminder-app/core/members/credentials";
import { memberEmailCell } from "@reminder-app/core/members/member-email";
import { memberRepo, signInRepo } from "@reminder-app/core/members/members.repo";
import { hashPassword } from "@reminder-app/core/members/password";
import { openDatabase } from "@reminder-app/db/database";
import { accountMails } from "@reminder-app/db/schema/members";
import { loadConfig } from "@reminder-app/platform/config";
import { createVault } from "@reminder-app/platform/crypto";
import { type Id, newId } from "@reminder-app/platform/ids";
import { gte } from "drizzle-orm";
import type { Letter, MemberRole } from "./cast.ts";

export interface BackDoor {
  /** A new member of a business with this role, and a token of theirs. */
  addMember(businessId: string, role: MemberRole): Promise<string>;
  /** The mail about accounts that was asked for since the last time, by anyone on this database; it goes to nobody else. */
  readMail(): Promise<Letter[]>;
  close(): Promise<void>;
}

/**
 * What can be done past the API alone: make members, and read their mail. `environment` has the settings of the API
 * that is served at `url`.
 */
export function openBackDoor(environment: Readonly<Record<string, string | undefined>>, url: string): BackDoor {
  const { DATABASE_URL, ENCRYPTION_KEYS, LOOKUP_KEYS } = loadConfig({ ...environment });
  const database = openDatabase({ url: DATABASE_URL, connections: 1 });
  const vault = createVault({ encryptionKeys: ENCRYPTION_KEYS, lookupKeys: LOOKUP_KEYS });
  const system: SystemCtx = { db: database.db, vault, now: () => new Date() };
  let readUpTo = system.now();

  async function readMail(): Promise<Letter[]> {
    const asked = await database.db
      .select({ id: accountMails.id })
      .from(accountMails)
      .where(gte(accountMails.createdAt, readUpTo));
    readUpTo = system.now();
    const letters: Letter[] = [];
    const channel = postbox(letters);
    for (const { id } of asked) await sendAccountMail({ system, channel, publicUrl: url }, id).catch(() => undefined);
    return letters;
  }

  return {
    readMail,
    addMember: async (businessId, role) => signIn(url, await insertMember(system, businessId as Id<"Business">, role)),
    close: database.close,
  };
}

interface Credentials {
  readonly email: string;
  readonly password: string;
}

async function insertMember(system: SystemCtx, businessId: Id<"Business">, role: MemberRole): Promise<Credentials> {
  const ctx = actFor(system, businessId, "fuzz");
  const id = newId<"Member">();
  const email = `${role}-${randomBytes(6).toString("hex")}@members.example`;
  const password = randomBytes(15).toString("base64url");
  await signInRepo(ctx.db).insertMember({
    id,
    name: `A ${role}`,
    email: ctx.vault.seal(email, memberEmailCell(id)),
    emailHash: ctx.vault.lookup("member-email", emailLookup(email)),
    emailVerifiedAt: ctx.now(),
    passwordHash: await hashPassword(password),
    tokenVersion: 1,
    createdAt: ctx.now(),
  });
  await memberRepo(ctx).insertMembership(id, role, ctx.now());
  return { email, password };
}

/** A mail provider that keeps what it is given. */
function postbox(letters: Letter[]): Parameters<typeof sendAccountMail>[0]["channel"] {
  return {
    kind: "email",
    provider: "postbox",
    unknownPolicy: "resend_once",
    async send({ to, content }) {
      letters.push({ to, text: "text" in content ? content.text : "" });
      return { kind: "accepted", providerMessageId: newId() };
    },
    close: async () => {},
  };
}

async function signIn(url: string, credentials: Credentials): Promise<string> {
  const answer = await fetch(`${url}/v1/auth/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(credentials),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`The new member could not sign in: ${answer.status} ${text}`);
  return (JSON.parse(text) as { accessToken: string }).accessToken;
}
