import {
  type Subscription,
  getSubscription,
  subscribeAgain,
  unsubscribe,
} from "@reminder-app/core/consent/unsubscribe";
import { type Request, type Response, Router } from "express";
import type { Deps } from "../http/endpoint.ts";
import { requestIdOf } from "../http/problem.ts";
import { html, pageHeaders, renderPage } from "./page.ts";

const PATH = "/u/:token";

type Act = typeof getSubscription;

/**
 * The pages of the link that every email carries. A POST acts at once, whether a mail provider (RFC 8058) or the page's
 * button sends it, and whatever its body says; a GET only shows the button.
 */
export function unsubscribePages({ system }: Pick<Deps, "system">): Router {
  const router = Router();
  const page = (route: string, act: Act) => async (req: Request<{ token: string }>, res: Response) => {
    res.locals["route"] = route;
    const asked = { ...system, requestId: requestIdOf(res) };
    res.type("html").send(render(await act(asked, req.params.token), req.params.token));
  };
  router.use(PATH, pageHeaders);
  router.get(PATH, page(`GET ${PATH}`, getSubscription));
  router.post(PATH, page(`POST ${PATH}`, unsubscribe));
  router.post(`${PATH}/undo`, page(`POST ${PATH}/undo`, subscribeAgain));
  return router;
}

function render({ businessName, maskedAddress, subscribed }: Subscription, token: string): string {
  const address = maskedAddress ?? "your address";
  if (subscribed) {
    return renderPage({
      title: "Stop these emails?",
      content: html`<p>${businessName} sends reminders to ${address}.</p>
        <form method="post" action="/u/${token}"><button>Unsubscribe</button></form>`,
    });
  }
  return renderPage({
    title: "You are unsubscribed",
    content: html`<p>${businessName} sends no more emails to ${address}.</p>
      <p>Was that a mistake?</p>
      <form method="post" action="/u/${token}/undo"><button>Subscribe again</button></form>`,
  });
}
