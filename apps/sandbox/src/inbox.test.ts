import { createTransport } from "nodemailer";
import { afterAll, beforeAll, expect, test } from "vitest";
import { givenSandbox, number } from "./given-sandbox.ts";

let sandbox: Awaited<ReturnType<typeof givenSandbox>>;

beforeAll(async () => {
  sandbox = await givenSandbox();
  const { hostname: host, port } = new URL(sandbox.smtpUrl);
  const transport = createTransport({ host, port: Number(port) });
  const html = "<p>Dear Anna</p><script>alert(1)</script>";
  await transport.sendMail({
    from: "Northwind <a@example.com>",
    to: "anna@example.com",
    subject: "Steuererklärung",
    text: "Dear Anna",
    html,
  });
  await sendWhatsapp("353871234567", "See you tomorrow");
});
afterAll(() => sandbox.close());

async function sendWhatsapp(to: string, body: string): Promise<void> {
  const message = { messaging_product: "whatsapp", to, text: { body } };
  const headers = { authorization: "Bearer test" };
  await fetch(`${sandbox.url}/v23.0/${number.phoneNumberId}/messages`, {
    method: "POST",
    headers,
    body: JSON.stringify(message),
  });
}

async function find(query: string) {
  const answer = await sandbox.call("GET", `/sandbox/messages?${query}`);
  return ((await answer.json()) as { messages: { seq: number; text: string }[] }).messages;
}

test("messages are listed newest first, by channel, address and text", async () => {
  expect((await find("")).map(({ seq }) => seq)).toEqual([2, 1]);
  expect((await find("before=2")).map(({ seq }) => seq)).toEqual([1]);
  expect(await find("channel=email")).toMatchObject([{ seq: 1, subject: "Steuererklärung", fromName: "Northwind" }]);
  expect(await find("channel=whatsapp&to=%2B353871234567")).toMatchObject([{ seq: 2, text: "See you tomorrow" }]);
  expect((await find("q=STEUERERKL%C3%84RUNG")).map(({ seq }) => seq)).toEqual([1]);
  expect(await find("q=nothing")).toEqual([]);
});

test("a mail's HTML is shown on a page of its own that runs no scripts and loads nothing", async () => {
  const answer = await sandbox.call("GET", "/sandbox/messages/1/html");
  const policy = answer.headers.get("content-security-policy") ?? "";
  expect(await answer.text()).toContain("<p>Dear Anna</p>");
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("sandbox allow-same-origin");
  expect(policy).not.toContain("allow-scripts");
});

test("the page has no inline script or style, asks nothing of other hosts, and all its files are there", async () => {
  const page = await sandbox.call("GET", "/");
  const html = await page.text();
  expect(page.headers.get("content-security-policy")).toContain(
    "default-src 'none'; script-src 'self'; style-src 'self'",
  );
  expect(html).not.toMatch(/<script(?![^>]*src=)|<style| style=| on[a-z]+=|https?:/);
  const files = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path ?? "");
  expect(files.length).toBeGreaterThan(3);
  for (const path of [...files, "/list.js", "/message.js", "/elements.js"]) {
    expect((await sandbox.call("GET", path)).status).toBe(200);
  }
});

test("a browser hears of a new message and of its statuses", async () => {
  const answer = await sandbox.call("GET", "/sandbox/events");
  await sendWhatsapp("353871234568", "Live");

  let heard = "";
  for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
    heard += chunk;
    if (heard.includes('"3":"read"')) break;
  }
  expect(heard).toContain('"last":3');
});

test("a message that is not there is 404", async () => {
  expect((await sandbox.call("GET", "/sandbox/messages/999")).status).toBe(404);
});
