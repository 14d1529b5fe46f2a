import type { Response } from "express";
import type { PageVisit } from "./page-visit.ts";
import { workPage } from "./work-page.ts";

/** What the client can put right, in their words. */
export interface PageFault {
  readonly status: number;
  readonly text: string;
}

/** Show the page again, with what was wrong. */
export async function tellFault(visit: PageVisit, res: Response, { status, text }: PageFault): Promise<void> {
  res
    .status(status)
    .type("html")
    .send(await workPage(visit, { text, isFault: true }));
}
