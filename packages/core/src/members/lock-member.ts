import type { Role } from "@reminder-app/db/schema/members";
import { AppError, NotFoundError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { type Ctx, lesserRole, requireRole } from "../ctx.ts";
import { membershipRepo } from "./memberships.repo.ts";

interface Locked {
  readonly role: Role;
  readonly disabledAt: Date | null;
  /** Throws `conflict` when without this member nobody would own the business any more. */
  readonly requireOtherOwner: () => void;
}

/**
 * Another member of the business, with all roles there locked until the transaction ends: of two owners who demote
 * each other, the second finds that it is one no more. Throws `not_found`, and `forbidden` for oneself, and for
 * owners unless an owner acts.
 */
export async function lockMember(tx: Ctx, memberId: Id<"Member">, action: string): Promise<Locked> {
  const places = await membershipRepo(tx).lockAll();
  const place = places.get(memberId);
  if (!place) throw new NotFoundError("Member", memberId);
  requireActing(tx, places, action);
  if (tx.actor.kind === "member" && tx.actor.memberId === memberId)
    throw new AppError("forbidden", `You cannot ${action} yourself; another member has to`);
  if (place.role === "owner") requireRole(tx, "owner", `${action} an owner`);

  const isOtherOwner = ([id, other]: [string, Pick<Locked, "role" | "disabledAt">]) =>
    id !== memberId && other.role === "owner" && !other.disabledAt;
  return {
    ...place,
    requireOtherOwner() {
      if (place.role !== "owner" || [...places].some(isOtherOwner)) return;
      throw new AppError("conflict", "This is the last owner of the business; make another member an owner first");
    },
  };
}

/** What the actor may do is read again under the lock: it may have been taken from them a moment ago. */
function requireActing(
  tx: Ctx,
  places: ReadonlyMap<string, Pick<Locked, "role" | "disabledAt">>,
  action: string,
): void {
  if (tx.actor.kind !== "member") return;
  const own = places.get(tx.actor.memberId);
  if (own && !own.disabledAt && lesserRole(own.role, tx.actor.role) === tx.actor.role) return;
  throw new AppError("forbidden", `Your role was changed meanwhile, so you cannot ${action} members`);
}
