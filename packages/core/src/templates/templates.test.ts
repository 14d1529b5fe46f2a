import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import { expect, test } from "vitest";
import { checkTemplate, subjectTemplate, usesField } from "./check-template.ts";
import type { MergeFields } from "./merge-fields.ts";
import { createRenderer } from "./render-message.ts";

const fields: MergeFields = {
  client: { name: "Hill & Co" },
  contact: { name: "Ada Hill" },
  business: { name: "Ledger Ltd", postalAddress: "1 High Street" },
  reminder: { name: "VAT return", type: "deadline" },
  period: undefined,
  dueDate: "7 May 2027",
  amount: undefined,
  link: undefined,
  locale: "en-GB",
};
const { render } = createRenderer();
const bodyOf = (body: string, values: MergeFields = fields, channel: ChannelKind = "email") =>
  render({ subject: "Hello", body }, values, channel);

test("merge fields stand for the client, the contact and the due date (E1)", () => {
  const { text } = bodyOf("Dear {{ contact.first_name }}, {{ client.name }} files by {{ due_date }}.");
  expect(text).toBe("Dear Ada, Hill & Co files by 7 May 2027.");
});

test.each([
  "{{ clinet.name }}",
  "{{ client.secret }}",
  "{{ client.constructor }}",
  "{{ client.__proto__.x }}",
  "{{ foo }}",
])("the unknown field in %s is refused when the text is saved, with the fields that there are (E1)", (text) => {
  const [issue] = checkTemplate("body", text);
  expect(issue).toMatchObject({ field: "body" });
  expect(issue?.message).toContain("client.name, contact.name");
});

test.each([
  "{% include 'x' %}",
  "{% render 'x' %}",
  "{% layout 'x' %}",
  "{% for i in (1..100000000) %}x{% endfor %}",
  "{% assign x = 1 %}",
  "{{ client.name | upper_secret }}",
  "{{ client.name | raw }}",
  "{{ client.name",
  "{% if client.name %}",
])("the template %s is refused when it is saved (E6, S32)", (text) => {
  expect(checkTemplate("body", text)).toHaveLength(1);
});

test("a field without a value stops the message instead of leaving a blank (E1)", () => {
  expect(() => bodyOf("You owe {{ amount }}.")).toThrow(/amount/);
});

test("a field without a value may be defaulted or asked for (E1)", () => {
  expect(bodyOf("You owe {{ amount | default: 'a sum' }}{% if period %} for {{ period }}{% endif %}.").text).toBe(
    "You owe a sum.",
  );
});

test("a text is known to need a field only where it cannot do without", () => {
  expect(usesField(["Due {{ due_date }}"], "due_date")).toBe(true);
  expect(usesField(["Due {{ due_date | default: 'soon' }}"], "due_date")).toBe(false);
  expect(usesField(["Hello"], "due_date")).toBe(false);
});

test("values are escaped in HTML and stand as they are in text (E6, S32)", () => {
  const { html, text } = bodyOf("For {{ client.name }}", {
    ...fields,
    client: { name: `<img src=x onerror="alert(1)">` },
  });
  expect(html).toContain("&lt;img src=x onerror=&quot;alert(1)&quot;&gt;");
  expect(html).not.toContain("<img");
  expect(text).toContain("<img src=x");
});

test("only https, mailto and tel addresses become links (E6, S33)", () => {
  const { html } = bodyOf(
    "https://pay.example/a?b=1&c=2. javascript:alert(1) http://plain.example data:text/html,x tel:+4420",
  );
  expect([...html.matchAll(/href="([^"]+)"/g)].map(([, href]) => href)).toEqual([
    "https://pay.example/a?b=1&amp;c=2",
    "tel:+4420",
  ]);
});

test("a value with a line break cannot add a header to the subject (S34)", () => {
  const { subject } = render(
    { subject: "For {{ client.name }}", body: "x" },
    { ...fields, client: { name: "A\r\nBcc: b@example.com" } },
    "email",
  );
  expect(subject).toBe("For A Bcc: b@example.com");
});

test("a subject of two lines is refused when it is saved (S34)", () => {
  expect(subjectTemplate.safeParse("one\r\ntwo").success).toBe(false);
  expect(subjectTemplate.safeParse("one").success).toBe(true);
});
