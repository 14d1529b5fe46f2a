import { z } from "zod";
import { recurringSchema } from "./recurring-schema.ts";
import { findSequenceFaults } from "./sequence-faults.ts";
import { sequenceFields } from "./sequence.ts";
import { localDateTimeSchema } from "./wall-clock.ts";
import { scheduleZoneSchema } from "./zones.ts";

/** One moment, at a local wall time. Whether it is past depends on now, so the caller checks that. */
const onceSchema = z.strictObject({
  kind: z.literal("once"),
  at: localDateTimeSchema,
  zone: scheduleZoneSchema,
});

/** Steps around the due date of each assignment. What this accepts can be placed around every due date. */
const sequenceSchema = sequenceFields.superRefine(
  (sequence, issues) => {
    for (const { path, message } of findSequenceFaults(sequence)) issues.addIssue({ code: "custom", path, message });
  },
  { when: ({ issues }) => issues.length === 0 },
);

/** A schedule with one clock for all of its clients; a sequence has one for each due date. */
export const sharedScheduleSchema = z.discriminatedUnion("kind", [onceSchema, recurringSchema]);
export type SharedSchedule = z.infer<typeof sharedScheduleSchema>;

/** When a reminder is due. It is stored as it was parsed; parsing it again gives the same. */
export const scheduleSchema = z.discriminatedUnion("kind", [onceSchema, recurringSchema, sequenceSchema]);

export type Schedule = z.infer<typeof scheduleSchema>;
