import { AppError } from "@reminder-app/platform/errors";
import type { Settings } from "@reminder-app/platform/settings";
import type { Request, RequestHandler } from "express";

/** Balancers and orchestrators ask for health by address, without a name and without TLS. */
const healthPaths = new Set(["/health/live", "/health/ready"]);

export const isHealth = (req: Request): boolean => healthPaths.has(req.url.split("?")[0] ?? "");

/**
 * Every request names one host (RFC 9112, section 3.2). In production, and wherever ALLOWED_HOSTS is set, it is one of
 * the list; X-Forwarded-Host is not looked at. Throws `malformed_request` or `host_unknown`.
 */
export function requireHost(settings: Pick<Settings, "APP_ENV" | "ALLOWED_HOSTS" | "PUBLIC_URL">): RequestHandler {
  const allowed = allowedHosts(settings);
  return (req, _res, next) => {
    const hosts = req.rawHeaders.filter((_text, at) => at % 2 === 1 && /^host$/i.test(req.rawHeaders[at - 1] ?? ""));
    if (hosts.length > 1) return next(new AppError("malformed_request", "The request names Host more than once"));
    // Before HTTP/1.1 there was none.
    if (hosts.length === 0 && req.httpVersion === "1.1")
      return next(new AppError("malformed_request", "The request names no Host"));
    if (!allowed || isHealth(req)) return next();
    const named = [...hosts, ...hostOfTarget(req.url)];
    if (named.length > 0 && named.every((host) => allowed.has(withoutPort(host)))) return next();
    return next(new AppError("host_unknown", "The request names a host that is not served here"));
  };
}

/** The hosts that are served; undefined when all are. */
function allowedHosts({ APP_ENV, ALLOWED_HOSTS, PUBLIC_URL }: Parameters<typeof requireHost>[0]) {
  if (ALLOWED_HOSTS.includes("*")) return undefined;
  if (ALLOWED_HOSTS.length > 0) return new Set(ALLOWED_HOSTS.map(withoutPort));
  return APP_ENV === "production" ? new Set([new URL(PUBLIC_URL).host]) : undefined;
}

/** A request to a proxy names the whole address (absolute form); its host counts beside the header's. */
function hostOfTarget(target: string): string[] {
  if (target.startsWith("/") || target === "*") return [];
  return [/^https?:\/\/([^/?#]*)/i.exec(target)?.[1] ?? ""];
}

/** As names are compared: without case, and without the port that https has anyway. */
function withoutPort(host: string): string {
  return host.toLowerCase().replace(/:443$/, "");
}
