import { formatMoney } from "@reminder-app/core/deliveries/format-money";
import { MOST_PROMISE_DAYS } from "@reminder-app/core/links/answer-request";
import type { ClientAnswer, OpenItem } from "@reminder-app/core/links/open-work";
import { civilDateIn, daysAfter, formatCivilDate } from "@reminder-app/schedule/civil-date";
import { type Html, html } from "../page.ts";
import type { PageVisit } from "./page-visit.ts";

/** What is shown around an item: what other areas add to it, and whether it can be paid here. */
export interface Around {
  readonly today: string;
  readonly parts: readonly Html[];
  readonly form: Html | undefined;
}

/** One thing that is asked of the client, with all that they can do about it. */
export function itemCard(visit: PageVisit, item: OpenItem, { today, parts, form }: Around): Html {
  const { texts, locale } = visit;
  const { name, period, dueOn, isOverdue, amount, currency } = item;
  const day = dueOn && formatCivilDate(dueOn, locale);
  const when =
    day &&
    (isOverdue ? html`<p class="due late">${texts.overdue(day)}</p>` : html`<p class="due">${texts.due(day)}</p>`);
  const owed = amount === null || currency === null ? undefined : formatMoney({ amount, currency }, locale);
  const note = noteOf(visit, item);
  return html`<li class="card" id="a${item.assignmentId}">
    <h3>${name}${period ? html` <span class="period">${period}</span>` : undefined}</h3>
    ${when || undefined} ${owed ? html`<p class="owed">${texts.owed(owed)}</p>` : undefined}
    ${note ? html`<p class="note">${note}</p>` : undefined} ${parts} ${form}
    ${item.answers.map((answer) => answerForm(visit, item, { answer, today }))}
  </li>`;
}

/** How it stands, where something was said or is on its way. */
function noteOf({ texts, locale, opened }: PageVisit, { payingAt, hold, holdUntil }: OpenItem): string | undefined {
  if (payingAt) return texts.paymentOnItsWay;
  if (!hold) return undefined;
  if (hold !== "promise") return texts.held[hold];
  const until = civilDateIn(opened.business.timeZone, holdUntil ?? opened.ctx.now());
  return texts.held.promise(formatCivilDate(until, locale));
}

/** An answer that acts when its form is sent, and not when it is unfolded. */
function answerForm(
  { texts, opened, token }: PageVisit,
  { assignmentId, name }: OpenItem,
  { answer, today }: { answer: ClientAnswer; today: string },
): Html {
  const { open, ask, confirm } = texts.answers[answer];
  return html`<details name="a${assignmentId}">
    <summary>${open}<span class="unseen">: ${name}</span></summary>
    <form method="post" action="/p/${token}/answers/${assignmentId}">
      <p>${ask(opened.business.name)}</p>
      <input type="hidden" name="answer" value="${answer}" />
      ${answer === "promise" ? dayField(texts.answers.promise.day, assignmentId, today) : undefined}
      <button>${confirm}<span class="unseen">: ${name}</span></button>
    </form>
  </details>`;
}

function dayField(label: string, assignmentId: string, today: string): Html {
  return html`<label for="until-${assignmentId}">${label}</label>
    <input
      id="until-${assignmentId}"
      name="until"
      type="date"
      min="${today}"
      max="${daysAfter(today, MOST_PROMISE_DAYS)}"
      required
    />`;
}
