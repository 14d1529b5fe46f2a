import { recordOpening } from "@reminder-app/core/links/record-opening";
import { type Request, type Response, Router } from "express";
import type { RateLimits } from "../../http/rate-limit.ts";
import { pageHeaders } from "../page.ts";
import { takeAnswer } from "./answer.ts";
import { makeFeed, sendFeed, showFeed } from "./calendar.ts";
import { documentPages } from "./document-pages.ts";
import { type PagesDeps, linkRoute } from "./link-route.ts";
import { sendNewLink } from "./new-link.ts";
import type { PageVisit } from "./page-visit.ts";
import { pay } from "./pay.ts";
import { takePreference } from "./preferences.ts";
import { showReceipt } from "./receipt.ts";
import { workPage } from "./work-page.ts";

const PAGE = "/p/:token";

/** What a client's link opens. Looking changes nothing but the access log; what changes something is sent by a form. */
export function clientPages(deps: PagesDeps, limits: RateLimits): Router {
  const router = Router();
  const routes = { router, deps, limits };
  linkRoute(routes, { method: "get", path: PAGE, show: showWork });
  linkRoute(routes, { method: "post", path: `${PAGE}/answers/:assignmentId`, show: takeAnswer(deps) });
  linkRoute(routes, { method: "post", path: `${PAGE}/pay`, show: pay(deps) });
  linkRoute(routes, { method: "get", path: `${PAGE}/receipt`, show: showReceipt });
  linkRoute(routes, { method: "post", path: `${PAGE}/preferences`, show: takePreference });
  linkRoute(routes, { method: "post", path: `${PAGE}/calendar`, show: makeFeed });
  linkRoute(routes, { method: "get", path: `${PAGE}/calendar`, show: showFeed(deps.publicUrl) });
  linkRoute(routes, { method: "get", path: `${PAGE}/calendar.ics`, purpose: "calendar", show: sendFeed });
  documentPages(routes);
  linkRoute(routes, { method: "post", path: `${PAGE}/new-link`, evenClosed: true, show: sendNewLink(deps) });
  // What there is no page of is told on one.
  router.use(PAGE, pageHeaders);
  return router;
}

async function showWork(visit: PageVisit, req: Request, res: Response): Promise<void> {
  const { opened, network, byMachine, texts } = visit;
  await recordOpening(opened, { byMachine, network });
  const { told } = req.query;
  const text = Object.entries(texts.told).find(([name]) => name === told)?.[1];
  res.type("html").send(await workPage(visit, text === undefined ? undefined : { text }));
}
