import { expect, test } from "vitest";
import { isMachine } from "./is-machine.ts";

const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const looked = { method: "GET", userAgent: firefox, purpose: undefined };

test.each([
  firefox,
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0",
  "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Mobile Safari/537.36",
])("a person's browser is a person: %s (K3)", (userAgent) => {
  expect(isMachine({ ...looked, userAgent })).toBe(false);
});

test.each([
  undefined,
  "",
  "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) BarracudaCentral Scanner",
  "Mozilla/5.0 (compatible; Proofpoint URL Defense)",
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/138.0.0.0 Safari/537.36",
  "WhatsApp/2.24.1 A",
  "facebookexternalhit/1.1",
  "TelegramBot (like TwitterBot)",
  "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
  "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5",
  "curl/8.14.1",
  "python-requests/2.32",
  "Go-http-client/2.0",
  "okhttp/4.12.0",
])("a scanner, a preview or a program is none: %s (K3)", (userAgent) => {
  expect(isMachine({ ...looked, userAgent })).toBe(true);
});

test("what is fetched ahead, and what asks for the head alone, was not looked at (K3)", () => {
  expect(isMachine({ ...looked, purpose: "prefetch;prerender" })).toBe(true);
  expect(isMachine({ ...looked, method: "HEAD" })).toBe(true);
  expect(isMachine(looked)).toBe(false);
});
