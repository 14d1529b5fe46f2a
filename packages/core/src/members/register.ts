import { isDuplicateKey } from "@reminder-app/db/faults";
import { type Id, newId } from "@reminder-app/platform/ids";
import { zoneSchema } from "@reminder-app/schedule/zones";
import { z } from "zod";
import { recordAudit } from "../audit/record-audit.ts";
import { businessRepo } from "../businesses/businesses.repo.ts";
import { type Ctx, type SystemCtx, inTransaction } from "../ctx.ts";
import { line, localeSchema } from "../texts.ts";
import { emailLookup, emailSchema, passwordSchema } from "./credentials.ts";
import { memberRepo, signInRepo } from "./members.repo.ts";
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
 * Make a business with its owner. When the address is registered already nothing is written, and the caller is
 * told the same, in the same time: registering does not tell who has an account.
 */
export async function register(system: SystemCtx, input: z.output<typeof RegisterInput>): Promise<void> {
  const passwordHash = await hashPassword(input.password);
  const memberId = newId<"Member">();
  const businessId = newId<"Business">();
  const ctx: Ctx = { ...system, businessId, actor: { kind: "member", memberId, role: "owner" } };
  try {
    await inTransaction(ctx, (tx) => writeBusiness(tx, { memberId, passwordHash, input }));
  } catch (thrown) {
    if (!isDuplicateKey(thrown)) throw thrown;
  }
}

async function writeBusiness(
  tx: Ctx,
  {
    memberId,
    passwordHash,
    input,
  }: { memberId: Id<"Member">; passwordHash: string; input: z.output<typeof RegisterInput> },
): Promise<void> {
  const now = tx.now();
  await signInRepo(tx.db).insertMember({
    id: memberId,
    name: input.name,
    email: tx.vault.seal(input.email, { table: "members", column: "email", businessId: "", rowId: memberId }),
    emailHash: tx.vault.lookup("member-email", emailLookup(input.email)),
    passwordHash,
    tokenVersion: 1,
    createdAt: now,
  });
  await businessRepo(tx).insert({
    name: input.businessName,
    status: "active",
    timeZone: input.timeZone,
    locale: input.locale,
    defaultChannels: ["email", "whatsapp", "sms"],
    unknownEmail: "resend",
    createdAt: now,
    updatedAt: now,
  });
  await memberRepo(tx).insertMembership(memberId, "owner", now);
  await recordAudit(tx, "business.registered", { entityId: tx.businessId });
}
