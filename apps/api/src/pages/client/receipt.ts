import { formatMoney } from "@reminder-app/core/deliveries/format-money";
import { getPaidSoFar } from "@reminder-app/core/links/open-payments";
import { NotFoundError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import type { Request, Response } from "express";
import { z } from "zod";
import { html } from "../page.ts";
import { clientLayout } from "./layout.ts";
import type { PageVisit } from "./page-visit.ts";

const MOST_CHARACTERS = 2_000;

/** Where it is told how the payment of some requests stands. */
export function receiptPath({ token }: PageVisit, ids: readonly string[]): string {
  return `/p/${token}/receipt?for=${ids.join(",")}`;
}

/** What a client comes back to from the provider's page: paid, on its way, or not yet. */
export async function showReceipt(visit: PageVisit, req: Request, res: Response): Promise<void> {
  const ids = idsIn(req.query["for"]);
  const paid = await getPaidSoFar(visit.opened, ids);
  if (!paid) throw new NotFoundError("Payment", "of this address");
  const { texts, token, locale } = visit;
  const { receipt } = texts;
  const amount = formatMoney(paid, locale);
  const [title, text] = {
    paid: [receipt.paidTitle, receipt.paid(amount)],
    processing: [receipt.processingTitle, receipt.processing(amount)],
    part: [receipt.partTitle, receipt.part(amount)],
    open: [receipt.openTitle, receipt.open],
  }[paid.kind] as [string, string];
  const again =
    paid.kind === "open"
      ? html`<p><a class="button" href="${receiptPath(visit, ids)}">${receipt.again}</a></p>`
      : undefined;
  const content = html`<p>${text}</p>
    ${again}
    <p><a class="${again ? "" : "button"}" href="/p/${token}">${receipt.back}</a></p>`;
  res.type("html").send(clientLayout(visit, { title, content }));
}

function idsIn(query: unknown): Id<"PaymentRequest">[] {
  const named = typeof query === "string" && query.length <= MOST_CHARACTERS ? query.split(",") : [];
  return named.filter((id) => z.uuid().safeParse(id).success) as Id<"PaymentRequest">[];
}
