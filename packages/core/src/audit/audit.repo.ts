import { auditEvents } from "@reminder-app/db/schema/audit";
import type { Scope } from "../ctx.ts";

export type NewAuditEvent = Omit<typeof auditEvents.$inferInsert, "businessId">;

export function auditRepo({ db, businessId }: Scope) {
  async function insert(event: NewAuditEvent): Promise<void> {
    await db.insert(auditEvents).values({ ...event, businessId });
  }

  return { insert };
}
