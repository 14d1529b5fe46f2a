import { z } from "zod";

const MOST_DAYS = 3_650;
/** Nothing is deleted that a client may still be answering. */
const LEAST_DAYS = 30;

const days = z.int().min(LEAST_DAYS).max(MOST_DAYS);

/** For how long a business keeps things. What is left out is kept: for good, but for logs, which are kept for 30 days. */
export const retentionSchema = z
  .strictObject({
    textsDays: days.describe("Texts of messages that were changed by hand, or that a test business would have sent"),
    filesDays: days.describe("Files that clients sent, and that were sent to them"),
    logsDays: days.describe("Who opened links, and what was sent to the business's own programs"),
  })
  .partial();
