import { tagRules } from "@reminder-app/db/schema/imports";
import { assignments } from "@reminder-app/db/schema/reminders";
import { isOneOf } from "@reminder-app/db/bulk";
import { NotFoundError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { and, asc, eq, inArray, or } from "drizzle-orm";
import { withinReach } from "../clients/client-staff.repo.ts";
import type { Assignment } from "../assignments/assignments.repo.ts";
import type { Scope } from "../ctx.ts";

export type TagRule = typeof tagRules.$inferSelect;

/** Every query below is limited to `businessId`; there is no unscoped way in. */
export function tagRuleRepo(scope: Scope) {
  const { db, businessId } = scope;
  const mine = eq(tagRules.businessId, businessId);
  const one = (id: Id<"TagRule">) => and(mine, eq(tagRules.id, id));

  async function get(id: Id<"TagRule">): Promise<TagRule> {
    const [row] = await db.select().from(tagRules).where(one(id));
    if (!row) throw new NotFoundError("TagRule", id);
    return row;
  }

  /** All of them, the oldest first. */
  async function list(): Promise<TagRule[]> {
    return db.select().from(tagRules).where(mine).orderBy(asc(tagRules.id));
  }

  async function insert(rule: Omit<TagRule, "businessId">): Promise<void> {
    await db.insert(tagRules).values({ ...rule, businessId });
  }

  async function remove(id: Id<"TagRule">): Promise<void> {
    await db.delete(tagRules).where(one(id));
  }

  /**
   * Assignments that a rule made and that still come to something: they are chased, or another period will be opened after
   * them. Locked. Of some clients only where they are named.
   */
  async function lockMade(
    id: Id<"TagRule">,
    { clientIds, limit }: { clientIds?: readonly Id<"Client">[] | undefined; limit: number },
  ): Promise<Assignment[]> {
    const goesOn = and(eq(assignments.state, "done"), eq(assignments.nextOpened, false));
    return db
      .select()
      .from(assignments)
      .where(
        and(
          eq(assignments.businessId, businessId),
          withinReach(scope, assignments.clientId),
          eq(assignments.tagRuleId, id),
          clientIds && isOneOf(assignments.clientId, clientIds),
          or(inArray(assignments.state, ["open", "exhausted"]), goesOn),
        ),
      )
      .orderBy(asc(assignments.id))
      .limit(limit)
      .for("update");
  }

  return { get, list, insert, remove, lockMade };
}
