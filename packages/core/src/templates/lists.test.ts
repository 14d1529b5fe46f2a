import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import { expect, test } from "vitest";
import { checkTemplate } from "./check-template.ts";
import type { MergeFields } from "./merge-fields.ts";
import { createRenderer } from "./render-message.ts";

const fields: MergeFields = {
  client: { name: "Hill & Co" },
  contact: { name: "Ada Hill" },
  business: { name: "Ledger Ltd", postalAddress: undefined },
  reminder: { name: "Year end", type: "document" },
  period: undefined,
  dueDate: undefined,
  amount: undefined,
  link: undefined,
  missing: ["Bank <statement>", "Payroll: see https://evil.example/x", "Stock\nlist"],
  locale: "en-GB",
};
const { render } = createRenderer();
const write = (body: string, channel: ChannelKind = "email", values = fields) =>
  render({ subject: "Your year end", body }, values, channel);

test("what is missing is a line for each thing in text, and a list in mail (G2)", () => {
  const { text, html } = write("Please send:\n{{ missing }}\nThank you.");
  expect(text).toBe(
    "Please send:\n- Bank <statement>\n- Payroll: see https://evil.example/x\n- Stock list\nThank you.",
  );
  expect(html).toMatch(
    /<p[^>]*>Please send:<\/p>\n<ul[^>]*><li>Bank &lt;statement&gt;<\/li><li>Payroll: see https:\/\/evil\.example\/x<\/li><li>Stock list<\/li><\/ul>\n<p[^>]*>Thank you\.<\/p>/,
  );
});

test("in a parameter of WhatsApp what is missing stands on one line (G2)", () => {
  expect(write("Please send {{ missing }}.", "whatsapp").text).toBe(
    "Please send Bank <statement>; Payroll: see https://evil.example/x; Stock list.",
  );
});

test("nothing in a list becomes a link, also where it follows an address of the author's (G2, S32)", () => {
  expect(write("Look at https://a.example/{{ missing }}").html).not.toContain('href="https://evil');
  expect(write("Look at https://a.example/{{ missing }}").html).toContain('href="https://a.example/"');
});

test("where nothing is missing a text does without it or is not sent (G2)", () => {
  const none = { ...fields, missing: undefined };
  expect(() => write("Please send {{ missing }}", "sms", none)).toThrow(/missing/);
  const both = "{% if missing %}Please send {{ missing }}{% else %}All is there{% endif %}";
  expect(write(both, "sms", none).text).toBe("All is there");
  expect(write(both, "sms").text).toContain("Please send - Bank");
});

test("single lines of the list cannot be named (G2)", () => {
  for (const body of ["{{ missing[0] }}", "{{ missing.first }}", "{{ missing.length }}"])
    expect(checkTemplate("body", body)).toHaveLength(1);
});
