import type { DbOrTransaction } from "@reminder-app/db/database";
import { isLockLost } from "@reminder-app/db/faults";
import type { Role } from "@reminder-app/db/schema/members";
import type { Clock } from "@reminder-app/platform/clock";
import type { Vault } from "@reminder-app/platform/crypto";
import { AppError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";

/** Who acts: a signed-in member, or a job of ours. */
export type Actor =
  | { readonly kind: "member"; readonly memberId: Id<"Member">; readonly role: Role }
  | { readonly kind: "system"; readonly job: string };

/** What every verb gets: whose data it works on, who acts, and what it needs to do so. */
export interface Ctx {
  readonly businessId: Id<"Business">;
  readonly actor: Actor;
  /** The pool, or the transaction that is being joined. */
  readonly db: DbOrTransaction;
  readonly inTransaction?: true;
  readonly vault: Vault;
  readonly now: Clock;
  readonly requestId?: string;
}

/** The part of a {@link Ctx} that is the same for all businesses. */
export type SystemCtx = Pick<Ctx, "db" | "vault" | "now">;

/** What a repo is made for: one business. */
export type Scope = Pick<Ctx, "db" | "businessId">;

const RANK: Readonly<Record<Role, number>> = { viewer: 0, staff: 1, admin: 2, owner: 3 };

/** Throws `forbidden` unless the actor has at least `least`; jobs of ours may do everything. */
export function requireRole(ctx: Ctx, least: Role, action: string): void {
  if (ctx.actor.kind === "system" || RANK[ctx.actor.role] >= RANK[least]) return;
  throw new AppError("forbidden", `You need the role ${least} or more to ${action}; yours is ${ctx.actor.role}`);
}

export function actorName(actor: Actor): string {
  return actor.kind === "member" ? `member:${actor.memberId}` : `system:${actor.job}`;
}

/** A system actor's context within one business. */
export function actFor(system: SystemCtx, businessId: Id<"Business">, job: string): Ctx {
  return { ...system, businessId, actor: { kind: "system", job } };
}

const TRIES = 4;

/**
 * Run `work` in a transaction: the one that `ctx` is already in, or a new one, which is run again when the engine
 * rolled it back for a deadlock. So `work` has no effects outside the database.
 */
export async function inTransaction<Result>(ctx: Ctx, work: (tx: Ctx) => Promise<Result>): Promise<Result> {
  if (ctx.inTransaction) return work(ctx);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ctx.db.transaction((db) => work({ ...ctx, db, inTransaction: true }));
    } catch (thrown) {
      if (!isLockLost(thrown) || attempt === TRIES) throw thrown;
    }
  }
}
