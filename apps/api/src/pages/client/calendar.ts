import { dueDateCalendar, findCalendarToken, makeCalendarLink } from "@reminder-app/core/links/calendar-feed";
import { linkUrl } from "@reminder-app/core/links/link-token";
import { recordOpening } from "@reminder-app/core/links/record-opening";
import type { Request, Response } from "express";
import { type Html, html } from "../page.ts";
import { clientLayout } from "./layout.ts";
import type { PageVisit } from "./page-visit.ts";

/** The section that offers the feed of due dates. */
export function calendarOffer({ texts: { calendar }, token }: PageVisit): Html {
  return html`<section aria-labelledby="calendar">
    <h2 id="calendar">${calendar.heading}</h2>
    <p>${calendar.explain}</p>
    <form method="post" action="/p/${token}/calendar">
      <button class="quiet-button">${calendar.make}</button>
    </form>
  </section>`;
}

/** Make the feed, which is another link than the page's: who has it sees due dates and nothing else. */
export async function makeFeed(visit: PageVisit, _req: Request, res: Response): Promise<void> {
  await makeCalendarLink(visit.opened);
  res.redirect(303, `/p/${visit.token}/calendar`);
}

/** Where the feed is; or how to make it, where there is none. */
export function showFeed(publicUrl: string) {
  return async (visit: PageVisit, _req: Request, res: Response): Promise<void> => {
    const { texts, opened } = visit;
    const { heading, explain, back } = texts.calendar;
    const token = await findCalendarToken(opened);
    const content =
      token === undefined ? calendarOffer(visit) : feedLinks(visit, `${linkUrl(publicUrl, token)}/calendar.ics`);
    const page = html`${token === undefined ? undefined : html`<p>${explain}</p>`} ${content}
      <p><a href="/p/${visit.token}">${back}</a></p>`;
    res.type("html").send(clientLayout(visit, { title: heading, content: page }));
  };
}

function feedLinks({ texts: { calendar } }: PageVisit, address: string): Html {
  return html`<p><a class="button" href="${address.replace(/^https?:/, "webcal:")}">${calendar.subscribe}</a></p>
    <p><a class="button quiet-button" href="${address}">${calendar.download}</a></p>
    <p class="hint-after" id="copy">${calendar.copy}</p>
    <p class="address-box">${address}</p>`;
}

/** What calendar apps ask for, again and again. */
export async function sendFeed({ opened, network, byMachine }: PageVisit, _req: Request, res: Response): Promise<void> {
  await recordOpening(opened, { byMachine, network });
  const text = await dueDateCalendar(opened);
  res.set("Content-Disposition", 'inline; filename="due-dates.ics"').type("text/calendar; charset=utf-8").send(text);
}
