import type { Id } from "@reminder-app/platform/ids";
import type { Ctx } from "../ctx.ts";
import { memberRepo } from "../members/members.repo.ts";
import { type Business, businessRepo } from "./businesses.repo.ts";

/** Write the transaction's business, with its owner and what a new one starts with. */
export async function insertOwnedBusiness(
  tx: Ctx,
  ownerId: Id<"Member">,
  profile: Pick<Business, "name" | "timeZone" | "locale" | "mode">,
): Promise<void> {
  const now = tx.now();
  await businessRepo(tx).insert({
    ...profile,
    status: "active",
    clockAt: profile.mode === "test" ? now : null,
    defaultChannels: ["email", "whatsapp", "sms"],
    unknownEmail: "resend",
    createdAt: now,
    updatedAt: now,
  });
  await memberRepo(tx).insertMembership(ownerId, "owner", now);
}
