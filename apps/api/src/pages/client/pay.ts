import { readMoney } from "@reminder-app/core/deliveries/read-money";
import { linkUrl } from "@reminder-app/core/links/link-token";
import { type PayAnswer, type PayWish, getOpenPayments, payByLink } from "@reminder-app/core/links/open-payments";
import { AppError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import type { Request, Response } from "express";
import { z } from "zod";
import { html } from "../page.ts";
import { clientLayout } from "./layout.ts";
import type { PagesDeps } from "./link-route.ts";
import type { PageVisit } from "./page-visit.ts";
import { receiptPath } from "./receipt.ts";
import { tellFault } from "./tell-fault.ts";

const PayForm = z.union([
  z.object({ request: z.uuid(), amount: z.string().trim().max(30).optional() }),
  z.object({ currency: z.string().regex(/^[A-Z]{3}$/) }),
]);

/** Lead the client to the provider's page, where today's balance is paid; or tell why there is none. */
export function pay(deps: PagesDeps) {
  return async (visit: PageVisit, req: Request, res: Response): Promise<void> => {
    const form = PayForm.parse(req.body ?? {});
    const { opened, network, language, token, texts } = visit;
    const page = linkUrl(deps.publicUrl, token);
    try {
      const answer = await payByLink(opened, deps, {
        wish: await wishOf(visit, form),
        network,
        locale: language,
        urls: (ids) => ({ successUrl: `${page}/receipt?for=${ids.join(",")}`, cancelUrl: page }),
      });
      await lead(visit, res, { answer, origins: deps.payOrigins });
    } catch (thrown) {
      if (!(thrown instanceof AppError) || !["conflict", "validation_failed"].includes(thrown.code)) throw thrown;
      const isConflict = thrown.code === "conflict";
      const text = isConflict ? texts.tooLate : texts.wrongAmount;
      await tellFault(visit, res, { status: isConflict ? 409 : 422, text });
    }
  };
}

async function wishOf(visit: PageVisit, form: z.output<typeof PayForm>): Promise<PayWish> {
  if ("currency" in form) return form;
  const requestId = form.request as Id<"PaymentRequest">;
  if (!form.amount) return { requestId };
  const asked = (await getOpenPayments(visit.opened)).find((one) => one.requestId === requestId);
  // What is not theirs, or not open, is told by the checkout itself.
  return { requestId, amount: asked ? (readMoney(form.amount, asked.currency) ?? 0) : undefined };
}

interface Led {
  readonly answer: PayAnswer;
  readonly origins: readonly string[];
}

async function lead(visit: PageVisit, res: Response, { answer: { checkout, ids }, origins }: Led): Promise<void> {
  if (checkout.kind === "unavailable") return tellFault(visit, res, { status: 503, text: visit.texts.payFailed });
  if (checkout.kind !== "open") return res.redirect(303, receiptPath(visit, ids));
  // A form may only lead to the hosts that the page's policy names; to any other one it takes a page of its own.
  if (origins.includes(new URL(checkout.url).origin)) return res.redirect(303, checkout.url);
  const { title, go } = visit.texts.toProvider;
  const content = html`<p><a class="button" href="${checkout.url}">${go}</a></p>`;
  res.type("html").send(clientLayout(visit, { title, content, goesTo: checkout.url }));
}
