import { quietHoursSchema } from "@reminder-app/schedule/quiet-hours";
import { zoneSchema } from "@reminder-app/schedule/zones";
import { z } from "zod";
import { changesOf } from "../audit/changes.ts";
import { recordAudit } from "../audit/record-audit.ts";
import { channelOrder } from "../channel-order.ts";
import { type Ctx, inTransaction, requireRole } from "../ctx.ts";
import { withoutUndefined } from "../defined.ts";
import { line, localeSchema, paragraph } from "../texts.ts";
import { type Business, businessRepo } from "./businesses.repo.ts";

export const ChangeBusinessInput = z
  .strictObject({
    name: line(200),
    timeZone: zoneSchema,
    locale: localeSchema,
    defaultChannels: channelOrder,
    postalAddress: paragraph(500).nullable(),
    quietHours: quietHoursSchema.nullable(),
    unknownEmail: z.enum(["resend", "hold"]),
  })
  .partial();

/** Change the business's profile; clients and contacts inherit zone, locale, channels and quiet hours from it. */
export async function changeBusiness(ctx: Ctx, input: z.output<typeof ChangeBusinessInput>): Promise<Business> {
  requireRole(ctx, "admin", "change the business");
  return inTransaction(ctx, async (tx) => {
    const before = await businessRepo(tx).get();
    const change = withoutUndefined(input);
    await businessRepo(tx).update({ ...change, updatedAt: tx.now() });
    const business = await businessRepo(tx).get();
    await recordAudit(tx, "business.changed", { entityId: tx.businessId, changes: changesOf(before, change) });
    return business;
  });
}
