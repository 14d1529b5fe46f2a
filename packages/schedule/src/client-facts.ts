import { z } from "zod";
import { civilDateSchema } from "./civil-date.ts";

/** Facts about a client that statutory due dates follow from. Each rule names those that it needs. */
export const clientFactsSchema = z
  .strictObject({
    /** The last day of the accounting year, `MM-DD`; `02-29` is February's last day. */
    yearEnd: z.string().regex(/^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, {
      error: "Write the year's last day as MM-DD, for example 03-31",
    }),
    incorporatedOn: civilDateSchema,
    /** UK VAT periods: stagger 1 ends in March, 2 in April, 3 in May, and every third month after. */
    vatStagger: z.enum(["1", "2", "3", "monthly"]),
    /** What the client is to the US Internal Revenue Service. */
    usEntity: z.enum(["individual", "partnership", "s_corporation", "c_corporation"]),
  })
  .partial();

export type ClientFacts = z.infer<typeof clientFactsSchema>;
