import { auditEvents, auditHeads } from "@reminder-app/db/schema/audit";
import { and, eq } from "drizzle-orm";
import type { GivenBusiness } from "./given-business.ts";

/** Hands that reach around the verbs, at the audit trail of one business. */
export function tamperWith({ ctx, system: { db } }: Pick<GivenBusiness, "ctx" | "system">) {
  const at = (seq: number) => and(eq(auditEvents.businessId, ctx.businessId), eq(auditEvents.seq, seq));

  async function change(seq: number, values: Partial<typeof auditEvents.$inferInsert>): Promise<void> {
    await db.update(auditEvents).set(values).where(at(seq));
  }

  async function remove(seq: number): Promise<void> {
    await db.delete(auditEvents).where(at(seq));
  }

  async function removeEnd(): Promise<void> {
    await db.delete(auditHeads).where(eq(auditHeads.businessId, ctx.businessId));
  }

  return { change, remove, removeEnd };
}
