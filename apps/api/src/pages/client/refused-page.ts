import { recordVisit } from "@reminder-app/core/links/record-visit";
import type { Response } from "express";
import { html } from "../page.ts";
import { clientLayout } from "./layout.ts";
import type { PageVisit } from "./page-visit.ts";

/** That a link does not open any more, whatever the reason, and how to get a new one. */
export async function refuseVisit(visit: PageVisit, res: Response): Promise<void> {
  const { opened, texts, token, network } = visit;
  await recordVisit(opened.ctx, opened, { use: "refused", network });
  const { title, explain, ask } = texts.expired;
  const content = html`<p>${explain(opened.business.name)}</p>
    ${
      opened.link.purpose !== "calendar"
        ? html`<form method="post" action="/${opened.link.purpose === "page" ? "p" : "d"}/${token}/new-link">
            <button>${ask}</button>
          </form>`
        : undefined
    }`;
  res.status(410).type("html").send(clientLayout(visit, { title, content }));
}
