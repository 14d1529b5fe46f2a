import type { OpenedLink } from "@reminder-app/core/links/open-link";
import type { Reading } from "./texts/texts.ts";

/** Who holds a link, what it opens, and how the page speaks to them. */
export interface PageVisit extends Reading {
  readonly opened: OpenedLink;
  readonly token: string;
  readonly network: string;
  /** It was fetched by a program, so far as can be told. */
  readonly byMachine: boolean;
  /** What one file may have that is sent here. */
  readonly maxBytes: number;
}
