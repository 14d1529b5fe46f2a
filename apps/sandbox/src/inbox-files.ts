import { readFile } from "node:fs/promises";
import type { Route } from "./http-server.ts";

const folder = new URL("../public/", import.meta.url);

const files = {
  "/": ["inbox.html", "text/html"],
  "/inbox.css": ["inbox.css", "text/css"],
  "/stripe.css": ["stripe.css", "text/css"],
  "/message.css": ["message.css", "text/css"],
  "/inbox.js": ["inbox.js", "text/javascript"],
  "/list.js": ["list.js", "text/javascript"],
  "/message.js": ["message.js", "text/javascript"],
  "/elements.js": ["elements.js", "text/javascript"],
  "/icon.svg": ["icon.svg", "image/svg+xml"],
} as const;

const headers = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-cache",
};

/** The inbox's page with its style and scripts, all from this machine. */
export function publicFileRoutes(): readonly Route[] {
  return Object.entries(files).map(([path, [name, type]]) => ({
    method: "GET",
    path: new RegExp(`^${path.replaceAll(".", String.raw`\.`)}$`),
    async handle({ res }) {
      const content = await readFile(new URL(name, folder));
      res.writeHead(200, { ...headers, "content-type": `${type}; charset=utf-8` });
      res.end(content);
    },
  }));
}
