import { guardProof } from "@reminder-app/core/throttling/guard-proof";
import { guardSignIn } from "@reminder-app/core/throttling/guard-sign-in";
import { limitRegistrations } from "@reminder-app/core/throttling/limit-registrations";
import { MINUTE_MS } from "@reminder-app/platform/clock";
import { AppError } from "@reminder-app/platform/errors";
import type { Settings } from "@reminder-app/platform/settings";
import type { RequestHandler } from "express";
import { type Options, rateLimit } from "express-rate-limit";
import type { Call, RateClass, Reply } from "./endpoint.ts";
import { networkOf } from "./network.ts";

/** Calls the handler, or throws instead. */
export type Guard = (call: Call<unknown, unknown>, handle: () => Promise<Reply>) => Promise<Reply>;

/** A limit of a class of routes: what stands before the body is read, and what stands around the handler. */
interface RateLimit {
  readonly before?: RequestHandler;
  readonly around?: Guard;
}

/** `page`: pages that links open. `guess`: links that there are none of. */
export type RateLimits = Readonly<Record<RateClass | "page" | "guess", RateLimit>>;

/** A limit for each class of routes; none when ABUSE_LIMITS is 0. Over it a request throws `rate_limited`. */
export function createRateLimits({ ABUSE_LIMITS }: Pick<Settings, "ABUSE_LIMITS">): RateLimits {
  if (!ABUSE_LIMITS) return { "sign-in": {}, register: {}, proof: {}, renew: {}, mail: {}, page: {}, guess: {} };
  return {
    "sign-in": { around: aroundSignIn },
    register: { around: aroundRegistration },
    proof: { around: ({ ctx, req }, handle) => guardProof(ctx, networkOf(req), handle) },
    renew: { before: perMinute(60) },
    mail: { before: perMinute(10) },
    page: { before: perMinute(120) },
    guess: { before: perMinute(10, { requestWasSuccessful: (_req, res) => res.statusCode !== 404 }) },
  };
}

const aroundSignIn: Guard = ({ deps, body, req }, handle) => {
  const { email } = body as { readonly email: string };
  return guardSignIn(deps.system, { email, network: networkOf(req) }, handle);
};

const aroundRegistration: Guard = async ({ deps, req }, handle) => {
  await limitRegistrations(deps.system, networkOf(req));
  return handle();
};

/** So many requests a minute from one network; only those count that did not succeed, where it is said when one does. */
function perMinute(limit: number, counting: Pick<Options, "requestWasSuccessful"> | object = {}): RequestHandler {
  return rateLimit({
    ...counting,
    skipSuccessfulRequests: "requestWasSuccessful" in counting,
    windowMs: MINUTE_MS,
    limit,
    standardHeaders: "draft-8",
    legacyHeaders: false,
    keyGenerator: (req) => networkOf(req),
    // Whose X-Forwarded-For is believed is our own setting, PROXY_HOPS.
    validate: { xForwardedForHeader: false, keyGeneratorIpFallback: false },
    handler: (_req, _res, next) =>
      next(new AppError("rate_limited", "Too many requests from your network; wait as long as Retry-After says")),
  });
}
