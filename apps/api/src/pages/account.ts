import { MailedToken, linkInvalid } from "@reminder-app/core/members/mailed-token";
import { AppError } from "@reminder-app/platform/errors";
import { enqueueAccountMails } from "@reminder-app/queues/enqueue";
import { type Request, type RequestHandler, Router } from "express";
import { ZodError } from "zod";
import type { Deps } from "../http/endpoint.ts";
import { leaveToSweep } from "../http/leave-to-sweep.ts";
import { networkOf } from "../http/network.ts";
import { requestIdOf } from "../http/problem.ts";
import type { RateLimits } from "../http/rate-limit.ts";
import { type AccountForm, accountForms } from "./account-forms.ts";
import { type Html, html, pageForm, pageHeaders, renderPage } from "./page.ts";

/** The pages that mails about accounts lead to. Opening one changes nothing, so what opens all links of a mail does no harm. */
export function accountPages(deps: Deps, limits: RateLimits): Router {
  const router = Router();
  for (const form of accountForms) {
    const path = `/account/${form.name}/:token`;
    router.get(path, head(`GET ${path}`), limited(limits.renew), async (req, res) => {
      res.type("html").send(renderPage(await form.show(deps.system, tokenOf(req))));
    });
    router.post(path, head(`POST ${path}`), limited(limits.mail), pageForm, async (req, res) => {
      const { status, page, mailId } = await submit(deps, form, req);
      if (mailId) {
        await enqueueAccountMails(deps.producer, [mailId]).catch(leaveToSweep(deps.log, { request: requestIdOf(res) }));
      }
      res.status(status).type("html").send(renderPage(page));
    });
  }
  return router;
}

/** What is wrong with a field is told on the form, which can be sent again. */
async function submit({ system }: Deps, form: AccountForm, req: Request) {
  const token = tokenOf(req);
  const fields = (req.body ?? {}) as Readonly<Record<string, unknown>>;
  try {
    const page = await form.act(system, token, { fields, network: networkOf(req) });
    return { status: 200, page, mailId: page.mailId };
  } catch (thrown) {
    const faults = faultsOf(thrown);
    if (!faults) throw thrown;
    return { status: 422, page: await form.show(system, token, { faults, fields }) };
  }
}

function faultsOf(thrown: unknown): Html | undefined {
  const isOfField = thrown instanceof AppError && thrown.code === "validation_failed";
  if (!isOfField && !(thrown instanceof ZodError)) return undefined;
  const told = thrown.issues.map((issue) => {
    const field = "field" in issue ? issue.field : issue.path.join(".");
    return html`<p class="fault" role="alert">${capital(field)} ${issue.message}.</p>`;
  });
  return html`${told}`;
}

function tokenOf(req: Request): string {
  const token = MailedToken.safeParse(req.params["token"]);
  if (!token.success) throw linkInvalid();
  return token.data;
}

/** The log names the route, never the token in it. */
function head(route: string): RequestHandler {
  return (req, res, next) => {
    res.locals["route"] = route;
    pageHeaders(req, res, next);
  };
}

function limited({ before }: RateLimits["mail"]): RequestHandler {
  return before ?? ((_req, _res, next) => next());
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
