import { z } from "zod";
import { instant } from "../schemas.ts";

export const previewSchema = z.object({
  moments: z.array(
    z.object({
      localTime: z.string().describe("What the clocks in timeZone show then"),
      timeZone: z.string(),
      at: instant,
      lastAt: instant.optional().describe("When the last recipient on earth gets it, where each one's own zone counts"),
      stepId: z.string().optional(),
      repeat: z.int().optional().describe("0 for the step itself, then 1, 2, … for its repeats"),
      dueOn: z.iso.date().optional(),
      moved: z.enum(["earlier", "later"]).optional().describe("From a weekend or holiday"),
      collides: z.boolean().optional().describe("Left out, because another step has its day"),
      note: z.string().optional().describe("What is special about it, in plain words"),
    }),
  ),
});

export const decidedSendsSchema = z.object({
  sends: z.array(
    z.object({
      assignmentId: z.uuid(),
      slotKey: z.string(),
      outcome: z
        .enum(["held", "released", "skipped", "unskipped", "approved", "edited", "unchanged", "in_flight"])
        .describe("unchanged where it stood already, in_flight where its send had started"),
    }),
  ),
});
