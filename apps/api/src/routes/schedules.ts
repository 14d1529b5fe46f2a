import { invalid } from "@reminder-app/platform/errors";
import { civilDateSchema } from "@reminder-app/schedule/civil-date";
import type { Sequence } from "@reminder-app/schedule/sequence";
import { type StepMoment, sequenceMoments } from "@reminder-app/schedule/sequence-moments";
import { scheduleSchema } from "@reminder-app/schedule/schedule";
import { slotsAfter } from "@reminder-app/schedule/slots";
import { z } from "zod";
import { endpoint } from "../http/endpoint.ts";
import { previewSchema } from "../schemas.ts";

const MOST = 500;
const PreviewInput = z.strictObject({
  schedule: scheduleSchema,
  dueOn: civilDateSchema.optional().describe("The due date, for a sequence"),
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
    async handle({ ctx, body: { schedule, dueOn, after, limit } }) {
      const from = after === undefined ? ctx.now() : new Date(after);
      const moments =
        schedule.kind === "sequence" ? stepsAfter(schedule, dueOn, from) : slotsAfter(schedule, from, limit);
      return {
        body: {
          moments: moments.slice(0, limit).map(({ local, zone, at }) => ({ localTime: local, timeZone: zone, at })),
        },
      };
    },
  }),
];

function stepsAfter(sequence: Sequence, dueOn: string | undefined, after: Date): StepMoment[] {
  if (dueOn === undefined) throw invalid("dueOn", "must be given, because the steps of a sequence are counted from it");
  return [...sequenceMoments(sequence, { dueOn })].filter(({ at }) => at > after);
}
