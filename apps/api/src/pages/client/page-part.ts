import type { OpenItem } from "@reminder-app/core/links/open-work";
import type { Id } from "@reminder-app/platform/ids";
import type { Html } from "../page.ts";
import type { PageVisit } from "./page-visit.ts";

/** What another area adds to the page of a client. */
export interface PagePart {
  /** To single items, by their assignment: what is missing for them, for example. One query for all. */
  readonly ofItems?: (visit: PageVisit, items: readonly OpenItem[]) => Promise<ReadonlyMap<Id<"Assignment">, Html>>;
  /** A section of its own, with an h2, after what is open. */
  readonly section?: (visit: PageVisit) => Promise<Html | undefined>;
}
