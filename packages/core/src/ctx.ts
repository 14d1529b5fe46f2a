import type { DbOrTransaction } from "@reminder-app/db/database";
import { isLockLost } from "@reminder-app/db/faults";
import type { Role } from "@reminder-app/db/schema/members";
import type { Clock } from "@reminder-app/platform/clock";
import type { Vault } from "@reminder-app/platform/crypto";
import { AppError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import type { KeyScope } from "./api-keys/key-scopes.ts";

/** Who acts: a signed-in member, a program with an API key, or a job of ours. */
export type Actor =
  | { readonly kind: "member"; readonly memberId: Id<"Member">; readonly role: Role }
  | {
      readonly kind: "key";
      readonly keyId: Id<"ApiKey">;
      readonly role: Role;
      readonly scopes: readonly KeyScope[];
    }
  | { readonly kind: "system"; readonly job: string };

/** What every verb gets: whose data it works on, who acts, and what it needs to do so. */
export interface Ctx {
  readonly businessId: Id<"Business">;
  readonly actor: Actor;
  /** Only the clients that this member works with exist for the caller; all of them when left out. */
  readonly clientsOf?: Id<"Member">;
  /** The pool, or the transaction that is being joined. */
  readonly db: DbOrTransaction;
  readonly inTransaction?: true;
  readonly vault: Vault;
  /** The business's clock: real time, or the clock of a test business, which stands still until it is moved. */
  readonly now: Clock;
  /** Real time, where `now` is a test clock; see {@link realNow}. */
  readonly real?: Clock;
  readonly requestId?: string;
  /** Once it is aborted nobody waits for the outcome any more, and nothing is committed. */
  readonly signal?: AbortSignal;
  /** Hears of business warnings where validation is relaxed; where it is strict this is absent, and they are refused. */
  readonly relaxed?: (warning: RelaxedWarning) => void;
}

/** What is logged of a business warning that did not block: which rule, in which field, never the value. */
export interface RelaxedWarning {
  readonly rule: string;
  readonly field: string;
  readonly business: string;
  readonly request?: string;
}

/** The part of a {@link Ctx} that is the same for all businesses. */
export type SystemCtx = Pick<Ctx, "db" | "vault" | "now" | "real" | "relaxed" | "signal">;

/** What a repo is made for: one business, and in it perhaps only some clients. */
export type Scope = Pick<Ctx, "db" | "businessId" | "clientsOf">;

const RANK: Readonly<Record<Role, number>> = { viewer: 0, staff: 1, admin: 2, owner: 3 };

/** Throws `forbidden` unless the actor has at least `least`; jobs of ours may do everything. */
export function requireRole(ctx: Ctx, least: Role, action: string): void {
  if (ctx.actor.kind === "system" || RANK[ctx.actor.role] >= RANK[least]) return;
  throw new AppError("forbidden", `You need the role ${least} or more to ${action}; yours is ${ctx.actor.role}`);
}

/** The member who acts. Throws `forbidden` when it is a program or a job. */
export function requireMember({ actor }: Ctx, action: string): Id<"Member"> {
  if (actor.kind === "member") return actor.memberId;
  throw new AppError("forbidden", `Only a signed-in member can ${action}`);
}

/** Throws `forbidden` when the actor works with some clients only, for `action` concerns all of them. */
export function requireAllClients(ctx: Ctx, action: string): void {
  if (ctx.clientsOf === undefined) return;
  const remedy = `ask a member who works with all of them to ${action}`;
  throw new AppError("forbidden", `You work with some clients only; ${remedy}`);
}

/** Real time, whatever the business's clock says: for the audit trail and whatever else must be true. */
export function realNow({ now, real = now }: Pick<Ctx, "now" | "real">): Date {
  return real();
}

/** Whether the context goes by a test clock: what it changes then needs neither timers nor jobs. */
export function isOnTestClock({ real }: Pick<Ctx, "real">): boolean {
  return real !== undefined;
}

/** The lesser of two roles. */
export function lesserRole(one: Role, other: Role): Role {
  return RANK[one] <= RANK[other] ? one : other;
}

/** Who acts, as the audit trail names them. */
export function actorName(actor: Actor): string {
  return `${actor.kind}:${actorId(actor)}`;
}

/** What tells one actor from another of its kind. */
export function actorId(actor: Actor): string {
  if (actor.kind === "member") return actor.memberId;
  return actor.kind === "key" ? actor.keyId : actor.job;
}

/** A system actor's context within one business. */
export function actFor(system: SystemCtx, businessId: Id<"Business">, job: string): Ctx {
  return { ...system, businessId, actor: { kind: "system", job } };
}

const TRIES = 4;

/** What {@link dryRun} throws to take everything back. */
const takenBack = new Error("A dry run is taken back");

/** Run `work` as it would run, take back all that it wrote, and answer what it answered. Not within a transaction. */
export async function dryRun<Result>(ctx: Ctx, work: (tx: Ctx) => Promise<Result>): Promise<Result> {
  let done: { readonly result: Result } | undefined;
  try {
    await inTransaction(ctx, async (tx) => {
      done = { result: await work(tx) };
      throw takenBack;
    });
  } catch (thrown) {
    if (thrown !== takenBack) throw thrown;
  }
  if (!done) throw new Error("A dry run ends by being taken back");
  return done.result;
}

/**
 * Run `work` in a transaction: the one that `ctx` is already in, or a new one, which is run again when the engine
 * rolled it back for a deadlock. So `work` has no effects outside the database. Throws the reason of `ctx.signal`
 * instead of committing when that was aborted meanwhile.
 */
export async function inTransaction<Result>(ctx: Ctx, work: (tx: Ctx) => Promise<Result>): Promise<Result> {
  if (ctx.inTransaction) return work(ctx);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ctx.db.transaction(async (db) => {
        ctx.signal?.throwIfAborted();
        const result = await work({ ...ctx, db, inTransaction: true });
        ctx.signal?.throwIfAborted();
        return result;
      });
    } catch (thrown) {
      if (!isLockLost(thrown) || attempt === TRIES) throw thrown;
    }
  }
}
