import { askForLink } from "@reminder-app/core/links/ask-again";
import { enqueueAccountMails } from "@reminder-app/queues/enqueue";
import type { Request, Response } from "express";
import type { Deps } from "../../http/endpoint.ts";
import { leaveToSweep } from "../../http/leave-to-sweep.ts";
import { requestIdOf } from "../../http/problem.ts";
import { html } from "../page.ts";
import { clientLayout } from "./layout.ts";
import type { PageVisit } from "./page-visit.ts";

/** Let a new link be sent to the address on file. The answer is the same whatever is on file. */
export function sendNewLink({ producer, log }: Deps) {
  return async (visit: PageVisit, _req: Request, res: Response): Promise<void> => {
    const { opened, network, texts } = visit;
    const mailId = await askForLink(opened, network);
    if (mailId) await enqueueAccountMails(producer, [mailId]).catch(leaveToSweep(log, { request: requestIdOf(res) }));
    const { askedTitle, asked } = texts.expired;
    const content = html`<p>${asked(opened.business.name)}</p>`;
    res.type("html").send(clientLayout(visit, { title: askedTitle, content }));
  };
}
