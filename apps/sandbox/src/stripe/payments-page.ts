import type { Bank } from "./bank.ts";
import { escaped } from "./html.ts";
import { type ListedPayment, listPayments } from "./listing.ts";
import { shownAmount } from "./money.ts";

/** What was paid or tried, the newest first, with what can happen to it next. */
export function paymentsPage(bank: Bank): { title: string; main: string } {
  const rows = listPayments(bank).toReversed().map(row);
  const table = `<table>
        <thead><tr><th scope="col">When</th><th scope="col">Account</th><th scope="col">Amount</th><th scope="col">State</th><th scope="col">What next</th></tr></thead>
        <tbody>${rows.join("")}</tbody>
      </table>`;
  const main = `${rows.length === 0 ? "<p>Nobody has paid yet.</p>" : table}
      <p><a href="/">Inbox</a></p>`;
  return { title: "Payments", main };
}

function row(payment: ListedPayment): string {
  const { id, accountId, created, currency } = payment;
  const amount = (sum: number) => escaped(shownAmount(sum, currency));
  const notes = [
    payment.status.replaceAll("_", " "),
    ...(payment.refunded > 0 ? [`${amount(payment.refunded)} refunded`] : []),
    ...payment.disputes.map((dispute) => `dispute ${dispute.status.replaceAll("_", " ")}`),
  ];
  const buttons = stepsOf(payment).map(
    ([step, label]) =>
      `<button name="step" value="${step}" aria-label="${label}: ${amount(payment.amount)}, ${escaped(id)}">${label}</button>`,
  );
  return `<tr><td>${new Date(created * 1_000).toISOString().slice(0, 16).replace("T", " ")}</td><td>${escaped(accountId)}</td>
        <td>${amount(payment.amount)}</td><td>${notes.join(", ")}</td>
        <td><form method="post" action="/stripe/payments/${encodeURIComponent(id)}">${buttons.join(" ")}</form></td></tr>`;
}

/** What the bank, the firm or the payer can do to it at Stripe. */
function stepsOf({ status, disputes, amount, refunded }: ListedPayment): (readonly [string, string])[] {
  if (status === "processing") return [["settle", "Debit succeeds"], ["fail", "Debit fails"]]; // prettier-ignore
  if (status !== "succeeded") return [];
  if (disputes.some((dispute) => dispute.status === "needs_response"))
    return [["win", "Firm wins"], ["lose", "Firm loses"]]; // prettier-ignore
  const refund = refunded < amount && disputes.length === 0 ? [["refund", "Refund the rest"] as const] : [];
  return disputes.length === 0 ? [...refund, ["dispute", "Dispute"]] : refund;
}
