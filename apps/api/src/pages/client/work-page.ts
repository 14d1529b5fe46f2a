import { type DoneItem, type OpenWork, getOpenWork } from "@reminder-app/core/links/open-work";
import { type OpenPayment, canPayOnline, getOpenPayments } from "@reminder-app/core/links/open-payments";
import { civilDateIn, formatCivilDate } from "@reminder-app/schedule/civil-date";
import { type Html, html } from "../page.ts";
import { calendarOffer } from "./calendar.ts";
import { itemCard } from "./item-card.ts";
import { clientLayout } from "./layout.ts";
import type { PageVisit } from "./page-visit.ts";
import { preferences } from "./preferences.ts";
import { pageParts } from "./parts.ts";
import { payAllForms, payForm, paymentCard } from "./pay-form.ts";

/** What is told at the top: that an answer was taken, or what was wrong with it. */
export interface Notice {
  readonly text: string;
  readonly isFault?: true;
}

/** The page of a client: all that is open, what was settled lately, and how they are written to. */
export async function workPage(visit: PageVisit, notice?: Notice): Promise<string> {
  const { opened, texts } = visit;
  const work = await getOpenWork(opened);
  const sections = await Promise.all(pageParts.flatMap(({ section }) => (section ? [section(visit)] : [])));
  const content = html`<p class="lead">${texts.forClient(opened.client.name)}</p>
    ${notice ? told(notice) : undefined}
    <section aria-labelledby="open">
      <h2 id="open">${texts.open}</h2>
      ${await openItems(visit, work)}
    </section>
    ${sections.filter((section) => section !== undefined)} ${recent(visit, work.recent)} ${calendarOffer(visit)}
    ${await preferences(visit)}`;
  return clientLayout(visit, { title: texts.title(opened.business.name), content });
}

function told({ text, isFault }: Notice): Html {
  return isFault ? html`<p class="fault" role="alert">${text}</p>` : html`<p class="told" role="status">${text}</p>`;
}

async function openItems(visit: PageVisit, { items, today }: OpenWork): Promise<Html> {
  const payments = await getOpenPayments(visit.opened);
  const isOnline = payments.length > 0 && (await canPayOnline(visit.opened));
  const formFor = (payment: OpenPayment) => (isOnline ? payForm(visit, payment) : undefined);
  const added = await Promise.all(pageParts.flatMap(({ ofItems }) => (ofItems ? [ofItems(visit, items)] : [])));
  const cards = items.map((item) => {
    const parts = added.flatMap((part) => part.get(item.assignmentId) ?? []);
    const payment = payments.find(({ requestId }) => requestId === item.paymentRequestId);
    return itemCard(visit, item, { today, parts, form: payment && formFor(payment) });
  });
  const shown = new Set(items.map(({ paymentRequestId }) => paymentRequestId));
  const others = payments
    .filter(({ requestId }) => !shown.has(requestId))
    .map((payment) => paymentCard(visit, payment, { today, form: formFor(payment) }));
  if (cards.length + others.length === 0) return html`<p>${visit.texts.nothingOpen}</p>`;
  return html`${isOnline ? payAllForms(visit, payments) : undefined}
    <ul class="cards">
      ${cards} ${others}
    </ul>`;
}

function recent({ texts, locale, opened }: PageVisit, items: readonly DoneItem[]): Html | undefined {
  if (items.length === 0) return undefined;
  const lines = items.map(({ name, period, closedBecause, closedAt }) => {
    const day = formatCivilDate(civilDateIn(opened.business.timeZone, closedAt), locale);
    return html`<li>
      ${name}${period ? ` ${period}` : undefined}<br /><span class="quiet"
        >${texts.closed[closedBecause ?? "done"](day)}</span
      >
    </li>`;
  });
  return html`<section aria-labelledby="recent">
    <h2 id="recent">${texts.recent}</h2>
    <ul class="settled">
      ${lines}
    </ul>
  </section>`;
}
