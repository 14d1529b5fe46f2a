import { PreviewScheduleInput, previewSchedule } from "@reminder-app/core/outbox/preview-schedule";
import { endpoint } from "../http/endpoint.ts";
import { previewSchema } from "../schemas/outbox.ts";

export const scheduleRoutes = [
  endpoint({
    method: "post",
    path: "/v1/schedules/preview",
    operationId: "previewSchedule",
    summary: "Which moments a schedule means, and what is special about them",
    tag: "Schedules",
    access: "viewer",
    scope: "reminders:read",
    body: PreviewScheduleInput,
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
    handle: async ({ ctx, body }) => ({ body: { moments: await previewSchedule(ctx, body) } }),
  }),
];
