import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import express, { Router } from "express";
import type { Endpoint } from "../http/endpoint.ts";
import { pagePolicy } from "../http/security-headers.ts";
import { buildOpenApi } from "./build-openapi.ts";

const { resolve } = createRequire(import.meta.url);
const swaggerFolder = dirname(resolve("swagger-ui-dist/package.json"));
const redocFolder = join(dirname(resolve("redoc/package.json")), "bundles");

const swaggerPage = page(`<link rel="stylesheet" href="/docs/assets/swagger-ui.css"><div id="swagger-ui"></div>
<script src="/docs/assets/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script>`);
const swaggerStart = `SwaggerUIBundle({ url: "/openapi.json", dom_id: "#swagger-ui", deepLinking: true });`;
const redocPage = page(
  `<div id="redoc"></div><script src="/redoc/assets/redoc.standalone.js"></script><script src="/redoc/start.js"></script>`,
);
const redocStart = `Redoc.init("/openapi.json", { disableSearch: true }, document.getElementById("redoc"));`;

/** `/openapi.json`, and two readers for it that load nothing from elsewhere. */
export function docsRouter(routes: readonly Endpoint[]): Router {
  const router = Router();
  const spec = buildOpenApi(routes);
  router.get("/openapi.json", (_req, res) => void res.json(spec));
  router.use(["/docs", "/redoc"], pagePolicy());
  router.get("/docs", (_req, res) => void res.type("html").send(swaggerPage));
  router.get("/docs/start.js", (_req, res) => void res.type("js").send(swaggerStart));
  router.use("/docs/assets", express.static(swaggerFolder, { index: false, redirect: false }));
  router.get("/redoc", (_req, res) => void res.type("html").send(redocPage));
  router.get("/redoc/start.js", (_req, res) => void res.type("js").send(redocStart));
  router.use("/redoc/assets", express.static(redocFolder, { index: false, redirect: false }));
  return router;
}

function page(body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Reminder App API</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head><body>${body}</body></html>`;
}
