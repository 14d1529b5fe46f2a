import type { Checkout } from "./bank.ts";
import { escaped } from "./html.ts";
import { shownAmount } from "./money.ts";

/** What a client sees who is to pay. `isDeclined`: the card was, just now. */
export function checkoutPage({ session, lines }: Checkout, isDeclined: boolean): { title: string; main: string } {
  const { currency, amount_total: total, cancel_url: cancelUrl } = session;
  if (session.status === "complete") return closed("Paid", "This has been paid. There is nothing more to do here.");
  if (session.status === "expired")
    return closed("Expired", "This page has expired. Ask for a new one where you found it.");
  const amount = escaped(shownAmount(total, currency));
  const rows = lines.map(
    (line) =>
      `<tr><th scope="row">${escaped(line.name)}</th><td>${escaped(shownAmount(line.amount, currency))}</td></tr>`,
  );
  const alert = isDeclined
    ? `<p role="alert" class="alert">Your card was declined. Try another one, or pay in another way.</p>`
    : "";
  const cancel = cancelUrl === null ? "" : `<p><a href="${escaped(cancelUrl)}">Cancel and go back</a></p>`;
  const main = `${alert}
      <table>
        <caption>What you pay for</caption>
        <tbody>${rows.join("")}</tbody>
        <tfoot><tr><th scope="row">Total</th><td>${amount}</td></tr></tfoot>
      </table>
      <form method="post" class="ways">
        <button name="by" value="card">Pay ${amount} by card</button>
        <button name="by" value="debit" class="other">Pay ${amount} by bank debit</button>
        <button name="by" value="declined" class="other">Try a card that is declined</button>
      </form>
      ${cancel}`;
  return { title: `Pay ${shownAmount(total, currency)}`, main };
}

function closed(title: string, text: string) {
  return { title, main: `<p>${text}</p>` };
}
