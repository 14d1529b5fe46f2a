import type { OpenedLink } from "@reminder-app/core/links/open-link";
import type { Reading } from "./texts/texts.ts";

/** Who holds a link, what it opens, and how the page speaks to them. */
export interface PageVisit extends Reading {
  readonly opened: OpenedLink;
  readonly token: string;
  readonly network: string;
  /** What one file may have that is sent here. */
  readonly maxBytes: number;
}
