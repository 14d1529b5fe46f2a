import type { IncomingMessage, ServerResponse } from "node:http";
import type { Settings } from "@reminder-app/platform/settings";
import type { RequestHandler } from "express";
import helmet from "helmet";

const API_POLICY = { "default-src": ["'none'"], "frame-ancestors": ["'none'"] };
const DOCS_POLICY = {
  "default-src": ["'none'"],
  "script-src": ["'self'"],
  "style-src": ["'self'", "'unsafe-inline'"],
  "img-src": ["'self'", "data:"],
  "font-src": ["'self'", "data:"],
  "connect-src": ["'self'"],
  "worker-src": ["'self'", "blob:"],
  "frame-ancestors": ["'none'"],
};
const YEAR_SECONDS = 31_536_000;

export type ProtectiveHeaders = Readonly<Record<string, string>>;

/** The headers of every answer, also of those that Express never sees. */
export function protectiveHeaders({
  APP_ENV,
  XSS_PROTECTION_HEADER,
}: Pick<Settings, "APP_ENV" | "XSS_PROTECTION_HEADER">): ProtectiveHeaders {
  const production = APP_ENV === "production";
  const protect = helmet({
    contentSecurityPolicy: { useDefaults: false, directives: API_POLICY },
    crossOriginResourcePolicy: { policy: "same-site" },
    frameguard: { action: "deny" },
    referrerPolicy: { policy: "no-referrer" },
    // It would switch the filter of old browsers off; the product's requirements ask for it.
    xXssProtection: false,
    strictTransportSecurity: production ? { maxAge: YEAR_SECONDS, includeSubDomains: true } : false,
  });
  return {
    ...headersSetBy(protect),
    ...(XSS_PROTECTION_HEADER && { "X-XSS-Protection": "1; mode=block" }),
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
  };
}

/** What the middleware says is the same for every request, so it is asked once. */
function headersSetBy(protect: ReturnType<typeof helmet>): ProtectiveHeaders {
  const headers: Record<string, string> = {};
  const res = {
    setHeader: (name: string, value: string) => void (headers[name] = value),
    removeHeader: () => {},
  };
  protect({} as IncomingMessage, res as unknown as ServerResponse, () => {});
  return headers;
}

/** Give every answer the protective headers, errors included. */
export function securityHeaders(headers: ProtectiveHeaders): RequestHandler {
  return (_req, res, next) => {
    res.set(headers);
    next();
  };
}

/** Pages that show documentation or queues load their own scripts and styles, and nothing from elsewhere. */
export function pagePolicy(): RequestHandler {
  return helmet.contentSecurityPolicy({ useDefaults: false, directives: DOCS_POLICY });
}
