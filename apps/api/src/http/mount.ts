import { actorId, isOnTestClock } from "@reminder-app/core/ctx";
import { runOnce } from "@reminder-app/core/idempotency/run-once";
import { onTestClock } from "@reminder-app/core/test-clock/on-test-clock";
import { requireRecent } from "@reminder-app/core/members/reauthenticate";
import { sha256 } from "@reminder-app/platform/crypto";
import { AppError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import type { Request, RequestHandler, Response, Router } from "express";
import { z } from "zod";
import { type Caller, createAuthenticate, signedIn } from "./authenticate.ts";
import type { Call, Deps, Endpoint, Reply } from "./endpoint.ts";
import { withDeadline } from "./deadline.ts";
import { leaveToSweep } from "./leave-to-sweep.ts";
import { parseQuery } from "./parse-query.ts";
import { requirePlainText } from "./plain-text.ts";
import { requireAllowed, requirePolicies } from "./policy.ts";
import { present } from "./present.ts";
import { requestIdOf } from "./problem.ts";
import type { BusinessLimit } from "./business-limit.ts";
import type { Guard, RateLimits } from "./rate-limit.ts";
import { sendDownload, sendFile } from "./download.ts";
import { fileBody, formOrJsonBody, jsonBody } from "./read-body.ts";
import { UPLOAD_DEADLINE_MS, allowSlowBody, unreadBody } from "./slow-bodies.ts";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const KEY = /^[\x21-\x7e]{1,100}$/;
const nothing = z.strictObject({});

/**
 * Serve the table of routes: authenticate, parse, call, present; nothing else answers under its paths.
 * Throws when a route does not say who may call it.
 */
export function mountEndpoints(
  router: Router,
  endpoints: readonly Endpoint[],
  { deps, limits, businessLimit }: { deps: Deps; limits: RateLimits; businessLimit: BusinessLimit },
): void {
  requirePolicies(endpoints);
  const authenticate = createAuthenticate(deps);
  for (const endpoint of endpoints) {
    const { before, around } = endpoint.rate ? limits[endpoint.rate] : {};
    const readBody = bodyReaders(endpoint);
    const deadlineMs = endpoint.upload || endpoint.form ? UPLOAD_DEADLINE_MS : undefined;
    const serve = async (req: Request, res: Response, signal: AbortSignal): Promise<Reply> => {
      const caller = endpoint.access === "public" ? publicCaller(deps, res) : await authenticate(req, requestIdOf(res));
      if (endpoint.access !== "public") {
        res.locals["business"] = caller.ctx.businessId;
        await businessLimit(caller.ctx.businessId, res);
        requireAllowed(caller.ctx, endpoint);
        if (endpoint.recent) await requireRecent(caller.ctx, signedIn(caller).sessionId);
      }
      if (endpoint.upload || endpoint.form) allowSlowBody(req);
      const ctx = { ...(hasTestClock(endpoint, caller) ? await onTestClock(caller.ctx) : caller.ctx), signal };
      const call = {
        ...readCall(endpoint, req),
        ...caller,
        ctx,
        deps: { ...deps, system: { ...deps.system, signal } },
        req,
      };
      const { afterCommit, ...made } = await answer(around ? guarded(endpoint, around) : endpoint, call, res);
      // A test business has no timers and no jobs: its rows wait for its clock to be moved.
      return afterCommit && !isOnTestClock(ctx) ? { ...made, afterCommit } : made;
    };
    router[endpoint.method](
      endpoint.path,
      name(endpoint),
      ...(before ? [before] : []),
      ...readBody,
      async (req, res) => {
        await reply(res, await withDeadline((signal) => serve(req, res, signal), deadlineMs), deps);
      },
    );
  }
  for (const [path, methods] of Map.groupBy(endpoints, (endpoint) => endpoint.path)) {
    router.all(path, (req, res) => {
      const allowed = [...new Set(methods.map(({ method }) => method.toUpperCase()))].join(", ");
      res.set("Allow", allowed);
      throw new AppError("method_not_allowed", `${req.method} is not possible here; use ${allowed}`);
    });
  }
}

function bodyReaders({ oauth, upload, form }: Endpoint): RequestHandler[] {
  if (form) return [unreadBody];
  if (upload) return [fileBody(upload)];
  return [oauth ? formOrJsonBody : jsonBody];
}

/** Members, sessions, invitations and keys are true in a test business too, so their endpoints go by real time. */
function hasTestClock({ scope, access }: Endpoint, { mode }: Caller): boolean {
  return mode === "test" && access !== "public" && scope !== "members";
}

/** The endpoint, with a limit around its handler. */
function guarded(endpoint: Endpoint, around: Guard): Endpoint {
  return { ...endpoint, handle: (call) => around(call, () => endpoint.handle(call)) };
}

/** Say which route a request met, for the log and for the form of its errors. Answers hold tenants' data: nobody keeps them. */
function name({ method, path, oauth }: Endpoint): RequestHandler {
  const route = `${method.toUpperCase()} ${path}`;
  return (req, res, next) => {
    // What nobody keeps is never what somebody has already: Express would answer 304 to `If-None-Match: *`.
    delete req.headers["if-none-match"];
    delete req.headers["if-modified-since"];
    res.locals["route"] = route;
    res.locals["oauth"] = oauth;
    res.set("Cache-Control", "no-store");
    // RFC 6749, section 5.1, asks for both.
    if (oauth) res.set("Pragma", "no-cache");
    next();
  };
}

function publicCaller({ system }: Deps, res: Response): Caller {
  const nobody = { businessId: "" as Id<"Business">, actor: { kind: "system" as const, job: "public" } };
  return { ctx: { ...system, ...nobody, requestId: requestIdOf(res) }, mode: "live", sessionId: "" as Id<"Session"> };
}

function readCall(endpoint: Endpoint, req: Request): Pick<Call<unknown, unknown>, "body" | "query" | "params"> {
  for (const [name, value] of Object.entries(req.params)) {
    const words = endpoint.params?.[name];
    if (typeof value !== "string" || !(words ? words.safeParse(value).success : UUID.test(value)))
      throw new AppError("not_found", `${name} ${String(value)} not found`);
  }
  requirePlainText(req.body);
  return {
    params: Object.fromEntries(
      Object.entries(req.params).map(([name, value]) => [name, String(value).toLowerCase() as Id<never>]),
    ),
    query: parseQuery(endpoint.query ?? nothing, req.query),
    body: (endpoint.body ?? nothing).parse(req.body ?? {}),
  };
}

/** Do what is asked, once for its Idempotency-Key where it has one. */
async function answer(endpoint: Endpoint, call: Call<unknown, unknown>, res: Response): Promise<Reply> {
  const key = call.req.get("idempotency-key");
  if (key === undefined || !endpoint.idempotent) return run(endpoint, call);
  if (!KEY.test(key))
    throw new AppError("malformed_request", "The Idempotency-Key must be 1 to 100 visible ASCII characters");

  const once = {
    actor: actorId(call.ctx.actor),
    route: endpoint.operationId,
    // Hashed, because text columns compare without case, and keys are equal only when they are the same.
    key: hashOf(key),
    bodyHash: hashOf(JSON.stringify([call.params, call.req.body ?? null])),
  };
  const done = await runOnce(call.ctx, once, async (ctx) => {
    const made = await run(endpoint, { ...call, ctx });
    return {
      made,
      answer: {
        status: made.status ?? endpoint.answer.status,
        body: toJson(made.body),
        ...(made.location && { location: made.location }),
      },
    };
  });
  if (done.kind === "ran") return done.result.made;
  res.set("Idempotent-Replayed", "true");
  return done.answer;
}

const hashOf = (text: string) => sha256(text).toString("hex");

async function run(endpoint: Endpoint, call: Call<unknown, unknown>): Promise<Reply> {
  const made = await endpoint.handle(call);
  const { schema } = endpoint.answer;
  return { status: endpoint.answer.status, ...made, body: schema ? present(schema, made.body) : undefined };
}

function toJson(body: unknown): unknown {
  return body === undefined ? null : (JSON.parse(JSON.stringify(body)) as unknown);
}

async function reply(
  res: Response,
  { status = 200, body, location, afterCommit, download, file }: Reply,
  { producer, log }: Deps,
): Promise<void> {
  await afterCommit?.(producer).catch(leaveToSweep(log, { request: requestIdOf(res) }));
  if (location !== undefined) res.location(location);
  res.status(status);
  if (download) return sendDownload(res, download, log);
  if (file) return sendFile(res, file, log);
  if (body === undefined || body === null) res.end();
  else res.json(body);
}
