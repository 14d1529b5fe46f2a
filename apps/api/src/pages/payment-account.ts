import { Router } from "express";
import { html, pageHeaders, renderPage } from "./page.ts";

const PATH = "/payment-account";

/** Where the payment provider sends the member on who opens an account. */
export function onboardingUrls(publicUrl: string) {
  const base = `${publicUrl.replace(/\/+$/, "")}${PATH}`;
  return { returnUrl: `${base}/done`, refreshUrl: `${base}/again` };
}

const done = renderPage({
  title: "Back from the payment provider",
  content: html`<p>What you entered there has been saved. You can close this page.</p>
    <p>Your payment account shows whether clients can pay already, or whether something is still missing.</p>`,
});

const again = renderPage({
  title: "This page has ended",
  content: html`<p>For your safety, the page of the payment provider works only once, and for a few minutes.</p>
    <p>Go back to your payment account and open it from there again; what you entered is still there.</p>`,
});

/** Pages without a secret and without an effect: they tell what comes next. */
export function paymentAccountPages(): Router {
  const router = Router();
  router.use(PATH, pageHeaders);
  router.get(`${PATH}/done`, (_req, res) => void res.type("html").send(done));
  router.get(`${PATH}/again`, (_req, res) => void res.type("html").send(again));
  return router;
}
