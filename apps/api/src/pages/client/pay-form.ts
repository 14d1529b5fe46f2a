import { formatMoney } from "@reminder-app/core/deliveries/format-money";
import type { OpenPayment } from "@reminder-app/core/links/open-payments";
import { formatCivilDate } from "@reminder-app/schedule/civil-date";
import { type Html, html } from "../page.ts";
import type { PageVisit } from "./page-visit.ts";

/** The button that leads to the provider's page, and where parts may be paid the field for one. */
export function payForm({ texts, token, locale }: PageVisit, payment: OpenPayment): Html | undefined {
  const { requestId, payable, currency, leastPart, title } = payment;
  if (payable === 0) return undefined;
  const whole = formatMoney({ amount: payable, currency }, locale);
  const action = `/p/${token}/pay`;
  const button = html`<form method="post" action="${action}">
    <input type="hidden" name="request" value="${requestId}" />
    <button>${texts.pay(whole)}<span class="unseen">: ${title}</span></button>
  </form>`;
  if (leastPart === undefined) return button;
  const least = formatMoney({ amount: leastPart, currency }, locale);
  return html`${button}
    <details name="p${requestId}">
      <summary>${texts.payPart.open}<span class="unseen">: ${title}</span></summary>
      <form method="post" action="${action}">
        <input type="hidden" name="request" value="${requestId}" />
        <label for="amount-${requestId}">${texts.payPart.amount(currency)}</label>
        <input
          id="amount-${requestId}"
          name="amount"
          inputmode="decimal"
          autocomplete="off"
          maxlength="30"
          aria-describedby="least-${requestId}"
          required
        />
        <p class="hint" id="least-${requestId}">${texts.payPart.hint(least, whole)}</p>
        <button>${texts.payPart.confirm}<span class="unseen">: ${title}</span></button>
      </form>
    </details>`;
}

/** One button for all that is owed in a currency, where that are several. */
export function payAllForms({ texts, token, locale }: PageVisit, payments: readonly OpenPayment[]): Html[] {
  const byCurrency = Map.groupBy(
    payments.filter(({ payable }) => payable > 0),
    ({ currency }) => currency,
  );
  return [...byCurrency].flatMap(([currency, ones]) => {
    if (ones.length < 2) return [];
    const amount = ones.reduce((sum, { payable }) => sum + payable, 0);
    return html`<div class="pay-all">
      <form method="post" action="/p/${token}/pay">
        <input type="hidden" name="currency" value="${currency}" />
        <button>${texts.payAll(formatMoney({ amount, currency }, locale))}</button>
      </form>
      <p>${texts.payAllHint(ones.length)}</p>
    </div>`;
  });
}

/** Something that is owed and that no reminder is about. */
export function paymentCard(
  visit: PageVisit,
  payment: OpenPayment,
  { today, form }: { today: string; form: Html | undefined },
): Html {
  const { texts, locale } = visit;
  const { title, reference, dueOn, balance, currency, payable } = payment;
  const day = dueOn === null ? undefined : formatCivilDate(dueOn, locale);
  const isLate = dueOn !== null && dueOn < today;
  return html`<li class="card">
    <h3>${title} <span class="period">${reference}</span></h3>
    ${day === undefined ? undefined : html`<p class="${isLate ? "due late" : "due"}">${isLate ? texts.overdue(day) : texts.due(day)}</p>`}
    <p class="owed">${texts.owed(formatMoney({ amount: balance, currency }, locale))}</p>
    ${payable < balance ? html`<p class="note">${texts.paymentOnItsWay}</p>` : undefined} ${form}
  </li>`;
}
