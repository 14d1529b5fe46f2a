import { type Html, html, renderPage } from "../page.ts";
import type { PageVisit } from "./page-visit.ts";

type Shown = Pick<Parameters<typeof renderPage>[0], "title" | "content" | "goesTo">;

/** A page of a link, in the business's colours, with whom to ask at its end. */
export function clientLayout(visit: PageVisit, shown: Shown): string {
  const { opened, language } = visit;
  const { color } = opened.business.branding ?? {};
  return renderPage({
    ...shown,
    lang: language,
    ...(color && { styles: [`/pages/brand/${color.slice(1).toLowerCase()}.css`] }),
    header: html`<p class="brand">${opened.business.name}</p>`,
    footer: whomToAsk(visit),
  });
}

function whomToAsk({ opened: { business }, texts }: PageVisit): Html {
  const { email, phone } = business.branding ?? {};
  const ways = [
    ...(email ? [html`<a href="mailto:${email}">${texts.writeTo(email)}</a>`] : []),
    ...(phone ? [html`<a href="tel:${phone.replaceAll(/[^+\d]/g, "")}">${texts.call(phone)}</a>`] : []),
  ];
  const asking = ways.map((way) => html`<li>${way}</li>`);
  return html`${
      ways.length > 0
        ? html`<p>${texts.contact}</p>
            <ul class="ways">
              ${asking}
            </ul>`
        : undefined
    }
    <p>
      ${business.name}${business.postalAddress ? html`<br /><span class="address">${business.postalAddress}</span>` : undefined}
    </p>`;
}
