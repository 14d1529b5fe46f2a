import { type Ctx, inTransaction } from "../ctx.ts";
import type { AccessClaims } from "./check-session.ts";
import { endEverywhere } from "./end-everywhere.ts";
import { recordForMember } from "./record-for-member.ts";

/** End all sessions of the caller, in all their businesses, this one included. */
export async function signOutEverywhere(ctx: Ctx, { memberId }: AccessClaims): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    await endEverywhere(tx, memberId);
    await recordForMember(tx, memberId, "member.signed_out_everywhere");
  });
}
