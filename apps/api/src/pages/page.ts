import express, { type RequestHandler, Router } from "express";
import { brandStyle, stylesheet } from "./stylesheet.ts";

/** Markup that is safe to show: made by {@link html} alone. */
export interface Html {
  readonly markup: string;
}

type Shown = string | number | Html | readonly Html[] | undefined;

/**
 * A template whose values are escaped, for text and for quoted attributes. Markup made by `html` stays as it is, a list
 * of it is joined, and what is undefined shows nothing.
 */
export function html(parts: TemplateStringsArray, ...values: readonly Shown[]): Html {
  const markup = parts.reduce((made, part, at) => made + shown(values[at - 1]) + part);
  return { markup };
}

interface Page {
  readonly title: string;
  readonly content: Html;
  /** The language of all that it says; English when left out. */
  readonly lang?: string;
  /** Stylesheets of ours after the one of all pages. */
  readonly styles?: readonly string[];
  readonly header?: Html;
  readonly footer?: Html;
  /** Where the reader is led at once. */
  readonly goesTo?: string;
}

/** A whole page that works without JavaScript, on a telephone first. The title is its one h1. */
export function renderPage({ title, content, lang = "en", styles = [], header, footer, goesTo }: Page): string {
  const sheets = ["/pages.css", ...styles].map((sheet) => html`<link rel="stylesheet" href="${sheet}" />`);
  const page = html`<!doctype html>
    <html lang="${lang}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        ${goesTo ? html`<meta http-equiv="refresh" content="0; url=${goesTo}" />` : undefined}
        <title>${title}</title>
        ${sheets}
      </head>
      <body>
        ${header ? html`<header>${header}</header>` : undefined}
        <main>
          <h1>${title}</h1>
          ${content}
        </main>
        ${footer ? html`<footer>${footer}</footer>` : undefined}
      </body>
    </html>`;
  return page.markup;
}

function policy(formsLeadTo: readonly string[]): string {
  return [
    "default-src 'none'",
    "style-src 'self'",
    ["form-action 'self'", ...formsLeadTo].join(" "),
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/**
 * For every page that a link with a secret opens: nothing is loaded from elsewhere, kept or indexed, and faults are told
 * on a page. Forms lead to ourselves, and where their answers redirect, to the origins that are named.
 */
export function headersLeadingTo(origins: readonly string[]): RequestHandler {
  const headers = {
    "Content-Security-Policy": policy(origins),
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "Cache-Control": "no-store",
  };
  return (_req, res, next) => {
    res.locals["page"] = true;
    res.set(headers);
    next();
  };
}

/** The same where forms lead to ourselves alone. */
export const pageHeaders = headersLeadingTo([]);

/** Reads the form of a page: at most 8 KB, not compressed. */
export const pageForm: RequestHandler = express.urlencoded({ extended: false, limit: "8kb", inflate: false });

/** What all pages look like, and in which colour those of a business are, from our own origin. */
export function pageStyles(): Router {
  const router = Router();
  router.get("/pages.css", (_req, res) => {
    res.set("Cache-Control", "public, max-age=3600").type("css").send(stylesheet);
  });
  router.get("/pages/brand/:color.css", ({ params }, res, next) => {
    if (!/^[\da-f]{6}$/.test(params.color)) return next();
    return res.set("Cache-Control", "public, max-age=31536000, immutable").type("css").send(brandStyle(params.color));
  });
  return router;
}

function shown(value: Shown): string {
  if (value === undefined) return "";
  if (typeof value === "string") return escape(value);
  if (typeof value === "number") return String(value);
  return "markup" in value ? value.markup : value.map(({ markup }) => markup).join("");
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? "");
}
