import { scheduleSchema } from "@reminder-app/schedule/schedule";
import { slotsAfter } from "@reminder-app/schedule/slots";
import { z } from "zod";
import { endpoint } from "../http/endpoint.ts";
import { previewSchema } from "../schemas.ts";

const MOST = 500;
const PreviewInput = z.strictObject({
  schedule: scheduleSchema,
  after: z.iso.datetime({ offset: true }).optional().describe("An instant; now when left out"),
  limit: z.int().min(1).max(MOST).default(24),
});

export const scheduleRoutes = [
  endpoint({
    method: "post",
    path: "/v1/schedules/preview",
    operationId: "previewSchedule",
    summary: "Which moments a schedule means",
    tag: "Schedules",
    access: "viewer",
    scope: "reminders:read",
    body: PreviewInput,
    example: {
      schedule: {
        kind: "recurring",
        start: "2027-01-31T09:00",
        zone: "Europe/London",
        rule: "FREQ=MONTHLY;BYMONTHDAY=-1",
      },
      limit: 12,
    },
    answer: { status: 200, schema: previewSchema },
    async handle({ ctx, body: { schedule, after, limit } }) {
      const slots = slotsAfter(schedule, after === undefined ? ctx.now() : new Date(after), limit);
      return { body: { moments: slots.map(({ local, zone, at }) => ({ localTime: local, timeZone: zone, at })) } };
    },
  }),
];
