import { z } from "zod";
import { reminderSchema } from "../schemas.ts";

/** Whom a change of a reminder concerns. */
export const changeEffectSchema = z.object({
  appliesTo: z.enum(["new", "in_flight"]),
  assignments: z.object({
    changed: z.int().describe("Open ones that go by the new plan"),
    kept: z.int().describe("Open ones that stay on the plan they are on"),
  }),
  sends: z
    .object({ moved: z.int(), added: z.int(), dropped: z.int(), unchanged: z.int() })
    .describe("What was to come for open assignments in the next 366 days"),
});
export const changedReminderSchema = reminderSchema.extend({ effect: changeEffectSchema });
