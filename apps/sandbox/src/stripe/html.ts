import type { ServerResponse } from "node:http";

const headers = {
  "content-type": "text/html; charset=utf-8",
  // Forms end at the product's pages, wherever those are.
  "content-security-policy":
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action http: https:; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
};

interface Page {
  readonly title: string;
  /** HTML. */
  readonly main: string;
  readonly status?: number;
}

export function sendPage(res: ServerResponse, { title, main, status = 200 }: Page): void {
  res.writeHead(status, headers);
  res.end(`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>${escaped(title)}</title>
    <link rel="icon" href="/icon.svg" />
    <link rel="stylesheet" href="/stripe.css" />
  </head>
  <body>
    <main>
      <h1>${escaped(title)}</h1>
      ${main}
    </main>
    <footer><p>The sandbox stands in for Stripe. No money moves.</p></footer>
  </body>
</html>
`);
}

/** Send the browser on; what was a form is a page afterwards. */
export function sendOn(res: ServerResponse, location: string): void {
  res.writeHead(303, { location, "cache-control": "no-store" }).end();
}

export function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
