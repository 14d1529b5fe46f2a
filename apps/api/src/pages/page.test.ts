import { afterAll, beforeAll, expect, test } from "vitest";
import { type GivenApi, givenApi } from "../given-api.ts";
import { html, renderPage } from "./page.ts";

let api: GivenApi;
beforeAll(async () => {
  api = await givenApi();
});
afterAll(() => api.close());

test("what is put into a page is text, in a sentence and in an attribute (E6)", () => {
  const { markup } = html`<p title="${`" onload='x`}">${"<script>&"}</p>`;
  expect(markup).toBe(`<p title="&quot; onload=&#39;x">&lt;script&gt;&amp;</p>`);
});

test("markup that was made by the template is kept, and what is undefined shows nothing (E6)", () => {
  const items = ["<a>", "b"].map((name) => html`<li>${name}</li>`);
  const { markup } = html`<p>${items}${undefined}${3}</p>`;
  expect(markup.replaceAll(/\s/g, "")).toBe("<p><li>&lt;a&gt;</li><li>b</li>3</p>");
});

test("a page says its language, has one heading and loads our stylesheet alone (S60)", async () => {
  const page = renderPage({ title: "Stop <us>?", content: html`<p>Really</p>` });
  expect(page).toContain('<html lang="en">');
  expect(page.match(/<h1>[^<]*<\/h1>/g)).toEqual(["<h1>Stop &lt;us&gt;?</h1>"]);
  const loaded = [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address]) => address);
  expect(loaded).toEqual(["/pages.css"]);
  const styles = await api.call("GET", "/pages.css");
  expect([styles.status, styles.headers.get("content-type")]).toEqual([200, "text/css; charset=utf-8"]);
});
