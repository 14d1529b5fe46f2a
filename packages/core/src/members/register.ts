import { type Id, newId } from "@reminder-app/platform/ids";
import { zoneSchema } from "@reminder-app/schedule/zones";
import { z } from "zod";
import { askForMail } from "../account-mail/ask-for-mail.ts";
import { recordAudit } from "../audit/record-audit.ts";
import { insertOwnedBusiness } from "../businesses/insert-owned-business.ts";
import { type Ctx, type SystemCtx, inTransaction } from "../ctx.ts";
import { line, localeSchema } from "../texts.ts";
import { emailSchema, passwordSchema, requireUnguessable } from "./credentials.ts";
import { isAddressTaken, memberEmailCell, newAddressHash } from "./member-email.ts";
import { signInRepo } from "./members.repo.ts";
import { hashPassword } from "./password.ts";

export const RegisterInput = z.strictObject({
  businessName: line(200),
  timeZone: zoneSchema,
  locale: localeSchema.default("en-GB"),
  name: line(200),
  email: emailSchema,
  password: passwordSchema,
});

/**
 * Make a business with its owner, and ask for the mail that shows whose address it is. When the address is registered
 * already nothing changes, and its owner gets a mail that says so: the caller is told the same, in the same time.
 */
export async function register(system: SystemCtx, input: z.output<typeof RegisterInput>): Promise<Id<"AccountMail">> {
  requireUnguessable(input.password, { email: input.email, names: [input.name, input.businessName] });
  const passwordHash = await hashPassword(input.password);
  const memberId = newId<"Member">();
  const businessId = newId<"Business">();
  const ctx: Ctx = { ...system, businessId, actor: { kind: "member", memberId, role: "owner" } };
  try {
    return await inTransaction(ctx, (tx) => writeBusiness(tx, { memberId, passwordHash, input }));
  } catch (thrown) {
    if (!isAddressTaken(thrown)) throw thrown;
    return askForMail(system, { kind: "already_registered", email: input.email });
  }
}

async function writeBusiness(
  tx: Ctx,
  {
    memberId,
    passwordHash,
    input,
  }: { memberId: Id<"Member">; passwordHash: string; input: z.output<typeof RegisterInput> },
): Promise<Id<"AccountMail">> {
  const now = tx.now();
  await signInRepo(tx.db).insertMember({
    id: memberId,
    name: input.name,
    email: tx.vault.seal(input.email, memberEmailCell(memberId)),
    emailHash: await newAddressHash(tx, input.email),
    passwordHash,
    tokenVersion: 1,
    createdAt: now,
  });
  const { businessName: name, timeZone, locale } = input;
  await insertOwnedBusiness(tx, memberId, { name, timeZone, locale, mode: "live" });
  const mailId = await askForMail(tx, { kind: "verify_email", email: input.email });
  await recordAudit(tx, "business.registered", { entityId: tx.businessId });
  return mailId;
}
