import type { OpenedLink } from "./open-link.ts";
import { recordVisit } from "./record-visit.ts";

/** Who opened a page, and from where. */
export interface Opening {
  readonly byMachine: boolean;
  readonly network: string;
}

/**
 * Note that a page was opened, by a person so far as can be told, or by a program. It is only counted: it changes nothing
 * for the client. Nothing is noted where the business does not want it.
 */
export async function recordOpening(opened: OpenedLink, { byMachine, network }: Opening): Promise<void> {
  if (!opened.business.countVisits) return;
  await recordVisit(opened.ctx, opened, { use: byMachine ? "scanned" : "opened", network });
}
