import type { LinkPurpose } from "@reminder-app/db/schema/documents";
import { isMachine } from "@reminder-app/core/links/is-machine";
import { openLink } from "@reminder-app/core/links/open-link";
import type { Request, RequestHandler, Response, Router } from "express";
import type { Deps } from "../../http/endpoint.ts";
import { networkOf } from "../../http/network.ts";
import { requestIdOf } from "../../http/problem.ts";
import type { RateLimits } from "../../http/rate-limit.ts";
import { headersLeadingTo, pageForm } from "../page.ts";
import { refuseVisit } from "./refused-page.ts";
import type { PageVisit } from "./page-visit.ts";
import { readingFor } from "./texts/texts.ts";

type Show = (visit: PageVisit, req: Request, res: Response) => Promise<void>;

/** What the pages of links need. */
export interface PagesDeps extends Deps {
  /** The hosts to which forms may lead: where the payment provider's pages are. */
  readonly payOrigins: readonly string[];
}

/** How the routes of a link's pages are made. */
export interface LinkRoutes {
  readonly router: Router;
  readonly deps: PagesDeps;
  readonly limits: RateLimits;
}

interface LinkRoute {
  readonly method: "get" | "post";
  /** `/p/:token…` */
  readonly path: string;
  readonly purpose?: LinkPurpose;
  /** Also where the link does not open any more. */
  readonly evenClosed?: true;
  /** What reads the body of a POST; a small form when left out. */
  readonly body?: RequestHandler;
  readonly show: Show;
}

/**
 * A page behind a link: what opens it is logged by its route alone, looked up, and told in the reader's language. A link
 * that does not open any more gets the page that offers a new one.
 */
export function linkRoute({ router, deps, limits }: LinkRoutes, route: LinkRoute): void {
  const { method, path, purpose = "page", evenClosed, body = pageForm, show } = route;
  router[method](
    path,
    named(`${method.toUpperCase()} ${path}`, deps.payOrigins),
    before(limits.page),
    before(limits.guess),
    method === "post" ? body : pass,
    async (req, res) => {
      const visit = await openVisit({ deps, purpose }, req, res);
      if (visit.opened.standing !== "good" && !evenClosed) return refuseVisit(visit, res);
      return show(visit, req, res);
    },
  );
}

async function openVisit(
  { deps, purpose }: { readonly deps: Deps; readonly purpose: LinkPurpose },
  req: Request,
  res: Response,
): Promise<PageVisit> {
  const token = String(req.params["token"]);
  const opened = await openLink({ ...deps.system }, token, purpose);
  const { business, client, contact } = opened;
  res.locals["business"] = business.id;
  const locale = contact?.locale ?? client.locale ?? business.locale;
  const ctx = { ...opened.ctx, requestId: requestIdOf(res) };
  return {
    opened: { ...opened, ctx },
    token,
    network: networkOf(req),
    byMachine: isMachine({ method: req.method, userAgent: req.get("user-agent"), purpose: purposeOf(req) }),
    maxBytes: deps.uploadMaxBytes,
    ...readingFor(locale),
  };
}

function purposeOf(req: Request): string | undefined {
  return req.get("sec-purpose") ?? req.get("purpose") ?? req.get("x-purpose") ?? req.get("x-moz");
}

/** The log names the route, never the token in it. */
function named(route: string, formsLeadTo: readonly string[]): RequestHandler {
  const headers = headersLeadingTo(formsLeadTo);
  return (req, res, next) => {
    res.locals["route"] = route;
    headers(req, res, next);
  };
}

const pass: RequestHandler = (_req, _res, next) => next();

function before(limit: RateLimits["page"]): RequestHandler {
  return limit.before ?? pass;
}
