import type { Id } from "@reminder-app/platform/ids";
import { recordAudit } from "../audit/record-audit.ts";
import type { Ctx } from "../ctx.ts";
import { signInRepo } from "./members.repo.ts";

/** Note, in each business of a person, what they did to their own account; always in the same order, for each chain is locked. */
export async function recordForMember(tx: Ctx, memberId: Id<"Member">, action: string): Promise<void> {
  const places = await signInRepo(tx.db).businessesOf(memberId);
  for (const { id: businessId, role } of places.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    const actor = { kind: "member" as const, memberId, role };
    await recordAudit({ ...tx, businessId, actor }, action, { entityId: memberId });
  }
}
