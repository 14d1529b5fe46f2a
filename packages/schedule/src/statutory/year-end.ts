import { dayOfMonth, endOfMonth } from "../civil-arithmetic.ts";
import type { ClientFacts } from "../client-facts.ts";

/** The end of the client's accounting year in `year`, 31 December where none is known; 28 and 29 February are its last day. */
export function yearEndsIn({ yearEnd = "12-31" }: ClientFacts, year: number): readonly string[] {
  const [month = 12, day = 31] = yearEnd.split("-").map(Number);
  return [month === 2 && day >= 28 ? endOfMonth(year, 2) : dayOfMonth(year, month, day)];
}
