import type { Settings } from "@reminder-app/platform/settings";
import type { Request, RequestHandler } from "express";
import { isHealth } from "./hosts.ts";

/**
 * In production, send what came over plain HTTP to HTTPS (308: method and body stay). TLS ends at the balancer, which
 * says in X-Forwarded-Proto how the request reached it. Stands after the hosts are checked, for the answer names one.
 */
export function requireHttps({ APP_ENV, PROXY_HOPS, PUBLIC_URL }: Settings): RequestHandler {
  return (req, res, next) => {
    if (APP_ENV !== "production" || isHealth(req) || cameByTls(req, PROXY_HOPS)) return next();
    const host = req.headers.host ?? new URL(PUBLIC_URL).host;
    return res
      .status(308)
      .location(`https://${host}${pathOf(req.url)}`)
      .end();
  };
}

/** What the outermost proxy that we believe has seen; what stands before it in the list, the caller wrote. */
function cameByTls(req: Request, hops: number): boolean {
  if (hops === 0) return false;
  const seen = (req.get("x-forwarded-proto") ?? "").split(",").map((proto) => proto.trim().toLowerCase());
  return seen[Math.max(0, seen.length - hops)] === "https";
}

function pathOf(target: string): string {
  return target
    .replace(/^https?:\/\/[^/?#]*/i, "")
    .replace(/^(?!\/).*$/, (rest) => (rest.startsWith("?") ? `/${rest}` : "/"));
}
