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

/** The headers of every answer, errors included. */
export function securityHeaders({ production }: { production: boolean }): RequestHandler {
  const headers = helmet({
    contentSecurityPolicy: { useDefaults: false, directives: API_POLICY },
    crossOriginResourcePolicy: { policy: "same-site" },
    frameguard: { action: "deny" },
    referrerPolicy: { policy: "no-referrer" },
    strictTransportSecurity: production ? { maxAge: 31_536_000, includeSubDomains: true } : false,
  });
  return (req, res, next) => {
    headers(req, res, () => {
      // Old browsers' filter: helmet switches it off, the product's requirements ask for it.
      res.set("X-XSS-Protection", "1; mode=block");
      res.set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()");
      next();
    });
  };
}

/** Pages that show documentation or queues load their own scripts and styles, and nothing from elsewhere. */
export function pagePolicy(): RequestHandler {
  return helmet.contentSecurityPolicy({ useDefaults: false, directives: DOCS_POLICY });
}
