import { quietHoursSchema } from "@reminder-app/schedule/quiet-hours";
import { zoneSchema } from "@reminder-app/schedule/zones";
import { countrySchema } from "@reminder-app/channels/addresses";
import { invalid } from "@reminder-app/platform/errors";
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
    dailySends: z
      .int()
      .min(1)
      .nullable()
      .describe("Messages a day (UTC), for owners; what the installation allows when null"),
    smsCountries: z
      .array(countrySchema)
      .min(1)
      .max(300)
      .transform((codes) => [...new Set(codes)].toSorted())
      .nullable()
      .describe("Whose numbers may get SMS and WhatsApp, by ISO 3166 code; those of all countries when null"),
  })
  .partial();

/** Change the business's profile; clients and contacts inherit zone, locale, channels and quiet hours from it. */
export async function changeBusiness(
  ctx: Ctx,
  input: z.output<typeof ChangeBusinessInput>,
  { sendsPerDay }: { sendsPerDay: number },
): Promise<Business> {
  requireRole(ctx, "admin", "change the business");
  if (input.dailySends !== undefined) {
    requireRole(ctx, "owner", "change how many messages may leave in a day");
    if (input.dailySends !== null && input.dailySends > sendsPerDay)
      throw invalid("dailySends", `must be at most ${sendsPerDay}, which this installation allows`);
  }
  return inTransaction(ctx, async (tx) => {
    const before = await businessRepo(tx).get();
    const change = withoutUndefined(input);
    await businessRepo(tx).update({ ...change, updatedAt: tx.now() });
    const business = await businessRepo(tx).get();
    await recordAudit(tx, "business.changed", { entityId: tx.businessId, changes: changesOf(before, change) });
    return business;
  });
}
