import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import { describe, expect, test } from "vitest";
import { checkTemplate } from "./check-template.ts";
import { createRenderer } from "./render-message.ts";

const { render } = createRenderer();
const business = { name: "Ledger Ltd", postalAddress: undefined };
const reminder = { name: "VAT return", type: "deadline" };
const nothing = { period: undefined, dueDate: undefined, amount: undefined, link: undefined };

/** A message that merges `name`, wherever the template wants it. */
function written(body: string, name = "Hill & Co", channel: ChannelKind = "email") {
  const fields = { client: { name }, contact: { name: "Ada Hill" }, business, reminder, ...nothing, locale: "en-GB" };
  return render({ subject: "For {{ client.name }}", body }, fields, channel);
}

const linksIn = (html: string) =>
  [...html.matchAll(/<a href="([^"]*)"[^>]*>([^<]*)</g)].map(([, to, text]) => [to, text]);
const saved = (text: string) => checkTemplate("body", text).map(({ message }) => message);

describe("a value is written as its place wants it", () => {
  test("in HTML and in its attributes nothing of it is markup (S32)", () => {
    const { html } = written(
      "For {{ client.name }}, https://pay.example/?c={{ client.name }}",
      `"><img src=x onerror='a()'>&`,
    );
    expect(html).toContain("For &quot;&gt;&lt;img src=x onerror=&#39;a()&#39;&gt;&amp;");
    expect(html).not.toMatch(/<img|onerror='|"><img/);
  });

  test("in an address it stays one part of it (S32)", () => {
    const { text, html } = written(
      "https://pay.example/{{ client.name }}?to={{ client.name }}.",
      "../a b?x=1#&https://evil.example",
    );
    const value = "..%2Fa%20b%3Fx%3D1%23%26https%3A%2F%2Fevil.example";
    expect(text).toBe(`https://pay.example/${value}?to=${value}.`);
    expect(linksIn(html)).toEqual([
      [`https://pay.example/${value}?to=${value}`, `https://pay.example/${value}?to=${value}`],
    ]);
  });

  test("in plain text and SMS it stands as it is (S32)", () => {
    expect(written("For {{ client.name }}", `<b> & "q"`, "email").text).toBe(`For <b> & "q"`);
    expect(written("For {{ client.name }}", `<b> & "q"`, "sms")).toMatchObject({ text: `For <b> & "q"`, html: "" });
  });

  test("as a parameter of WhatsApp it has no line breaks, tabs or rows of spaces; the author's own lines stay (S32)", () => {
    const { text } = written("Dear all,\n\n{{ client.name }}\n\tBye", "Hill\r\n\tand     Co\u2028Ltd", "whatsapp");
    expect(text).toBe("Dear all,\n\nHill and Co Ltd\n\tBye");
  });

  test("what turns or ends the writing is gone from it, whatever the place (S32, S34)", () => {
    const evil = "Hill\u202Egnp.exe\u0000\u001B[2J\u0085\uFDD0\uFDD3x";
    for (const channel of ["email", "sms", "whatsapp"] as const) {
      const { subject, text, html } = written("For {{ client.name }}!", evil, channel);
      expect(text).toMatch(/^For Hill gnp\.exe +\[2J +x!$/);
      expect(subject + html).not.toMatch(/[\u0000\u001B\u0085\u202E\uFDD0-\uFDD3]/);
    }
  });

  test("a line break in it never reaches a subject (S34)", () => {
    expect(written("x", "A\r\nBcc: b@example.com\u2028\u0000").subject).toBe("For A Bcc: b@example.com");
  });
});

describe("links", () => {
  test("are only what the author wrote: an address in a value is text (S33)", () => {
    const { html } = written("{{ client.name }} and {{ client.name }}://x", "https://evil.example/");
    expect(linksIn(html)).toEqual([]);
  });

  test.each([
    "javascript:alert(1)",
    "data:text/html,x",
    "http://plain.example/",
    "ftp://x.example/",
    "//x.example/",
    "vbscript:x",
  ])("%s is text (S33)", (address) => {
    expect(linksIn(written(`See ${address} now`).html)).toEqual([]);
  });

  test.each([
    ["https://bank.example@evil.example/login", "https://evil.example/login"],
    ["https://bank.example:443@evil.example", "https://evil.example"],
    ["https://bank.example/@evil.example", "https://bank.example/@evil.example"],
    ["https://evil.example\\@bank.example/", "https://evil.example\\@bank.example/"],
    ["https://pаypal.example/a", "https://xn--pypal-4ve.example/a"],
    ["https://bücher.example/ü", "https://xn--bcher-kva.example/ü"],
    ["https://3232235777/x", "https://192.168.1.1/x"],
    ["https://ex%61mple.example/", "https://example.example/"],
  ])("%s is shown, and leads, as %s (S33)", (address, shown) => {
    const { text, html } = written(`Log in at ${address} today`);
    expect(text).toBe(`Log in at ${shown} today`);
    expect(linksIn(html)).toEqual([[shown, shown]]);
  });

  test("that lead to no host are text (S33)", () => {
    expect(linksIn(written("See https:// or https://[::1 or https:///x or mailto: or tel:").html)).toEqual([]);
  });

  test("end before what ends the sentence, however long that is (S33)", () => {
    expect(linksIn(written("(See https://a.example/b), tel:+44.").html)).toEqual([
      ["https://a.example/b", "https://a.example/b"],
      ["tel:+44", "tel:+44"],
    ]);
    const dots = `https://a.example/${".".repeat(9_000)}x`;
    expect(linksIn(written(`${dots}${".".repeat(200)}`).html)).toEqual([[dots, dots]]);
  });

  test("whose host is a merge field, or that hide where they lead, are refused when they are saved (S33)", () => {
    expect(saved("https://{{ client.name }}.example/")).toEqual([expect.stringContaining("in the host")]);
    expect(saved("https://x.{% if period %}a{% endif %}.example/")).toEqual([expect.stringContaining("in the host")]);
    expect(saved("https://bank.example@evil.example/")).toEqual([expect.stringContaining("before @")]);
    expect(saved("https://pay.example/{{ client.name }}?mail=a@b.example or a@b.example")).toEqual([]);
  });

  test("whose host is a value are not made, should such a text be stored (S33)", () => {
    expect(linksIn(written("https://{{ client.name }}/x", "evil.example").html)).toEqual([]);
  });
});

test("a mail always has a text beside its HTML, which says the same (S33)", () => {
  const { text, html } = written("Dear {{ contact.name }},\n\nsee https://pay.example/1");
  expect(text).toBe("Dear Ada Hill,\n\nsee https://pay.example/1");
  expect(html.replaceAll(/<[^>]*>/g, " ")).toContain("Dear Ada Hill,");
});

describe("the link to the reader's page", () => {
  const page = `https://reminders.example/p/${"a".repeat(43)}`;
  const withLink = (body: string, channel: ChannelKind = "email") => {
    const fields = { client: { name: "Hill" }, contact: { name: "Ada" }, business, reminder, ...nothing };
    return render({ subject: "For you", body }, { ...fields, link: page, locale: "en-GB" }, channel);
  };

  test("is a link in a mail, and its whole address where there is no markup (E6, I1)", () => {
    const { html, text } = withLink("See {{ link }}, or call.");
    expect(linksIn(html)).toEqual([[page, page]]);
    expect(text).toBe(`See ${page}, or call.`);
    expect(withLink("See {{ link }}", "whatsapp").text).toBe(`See ${page}`);
  });

  test("stays whole beside an address of the author's (E6)", () => {
    const { html } = withLink("https://firm.example/a{{ link }}");
    expect(linksIn(html)).toEqual([
      ["https://firm.example/a", "https://firm.example/a"],
      [page, page],
    ]);
  });

  test("can be left out where there is none, and is never a blank (E1)", () => {
    const body = "{% if link %}See {{ link }}{% else %}Call us{% endif %}";
    expect(withLink(body).text).toBe(`See ${page}`);
    expect(written(body).text).toBe("Call us");
    expect(() => written("See {{ link }}")).toThrow("undefined variable: link");
  });
});
