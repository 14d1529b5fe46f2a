import { z } from "zod";
import { line } from "../texts.ts";

export const MOST_ITEMS = 50;

/** What each client is asked to send, a line for each thing. */
export const checklistLabels = z
  .array(line(200))
  .min(1)
  .max(MOST_ITEMS)
  .refine(
    (labels) => new Set(labels.map((label) => label.toLowerCase())).size === labels.length,
    "must not repeat a line",
  );
