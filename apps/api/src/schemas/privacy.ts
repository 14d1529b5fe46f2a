import { z } from "zod";

const count = z.int().min(0);

export const erasureSchema = z.object({
  dryRun: z.boolean().describe("Nothing was erased; it would be"),
  contacts: count,
  documents: count,
  cancelled: count.describe("Messages that were waiting and will not go"),
  inFlight: count.describe("Messages whose send had started before"),
});
