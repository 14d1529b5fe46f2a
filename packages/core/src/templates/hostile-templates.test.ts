import { expect, test } from "vitest";
import { bodyTemplate, checkTemplate, subjectTemplate } from "./check-template.ts";
import { createRenderer } from "./render-message.ts";

const fields = {
  client: { name: "Hill & Co" },
  contact: { name: "constructor" },
  business: { name: "Ledger Ltd", postalAddress: undefined },
  reminder: { name: "VAT return", type: "deadline" },
  period: "2027-Q1",
  dueDate: undefined,
  amount: undefined,
  link: undefined,
  locale: "en-GB",
};
const render = (body: string) => createRenderer().render({ subject: "Hello", body }, fields, "email");

/** What must be refused when it is saved, and again when it is written, should it ever come past the first gate. */
const hostile: readonly (readonly [what: string, text: string])[] = [
  ["a loop", "{% for i in (1..3) %}x{% endfor %}"],
  ["a loop that does not end in time", "{% for i in (1..100000000) %}x{% endfor %}"],
  ["a loop in a table", "{% tablerow i in (1..3) %}x{% endtablerow %}"],
  ["another file by include", "{% include '/etc/passwd' %}"],
  ["another file by render", "{% render '../secrets' %}"],
  ["another file by layout", "{% layout 'x' %}"],
  ["a block of a layout", "{% block x %}{% endblock %}"],
  ["an assignment", "{% assign x = 1 %}x"],
  ["a capture", "{% capture x %}a{% endcapture %}"],
  ["a counter", "{% increment x %}"],
  ["a cycle", "{% cycle 'a', 'b' %}"],
  ["many tags in one", "{% liquid\nassign x = 1 %}"],
  ["an echo", "{% echo client.name %}"],
  ["text that is not parsed", "{% raw %}{{ x }}{% endraw %}"],
  ["a tag with the name of a property of every object", "{% constructor %}"],
  ["a filter with the name of a property of every object", "{{ client.name | constructor }}"],
  ["a filter that takes the prototype", "{{ client.name | __proto__ }}"],
  ["a filter that switches escaping off", "{{ client.name | raw }}"],
  ["a filter that multiplies", "{{ client.name | split: '' | join: client.name }}"],
  ["a filter that replaces", "{{ client.name | replace: 'i', client.name }}"],
  ["a filter that appends", "{{ client.name | append: client.name | append: client.name }}"],
  ["a filter that computes", "{{ 'x' | sha256 }}"],
  ["a constructor", "{{ client.constructor }}"],
  ["a constructor in brackets", "{{ client['constructor'] }}"],
  ["a constructor by another field's value", "{{ client[contact.name] }}"],
  ["a prototype", "{{ client.__proto__.x }}"],
  ["a prototype of a text", "{{ client.name.constructor }}"],
  ["the root's prototype", "{{ __proto__.x }}"],
  ["a huge range", "{{ (1..100000000) }}"],
  ["a huge range in a condition", "{% if (1..100000000) contains 5 %}x{% endif %}"],
  ["a huge range in a case", "{% case (1..100000000) %}{% when 1 %}x{% endcase %}"],
  ["a huge range for a filter", "{{ (1..100000000) | default: 'x' }}"],
  ["brackets in brackets without end", `{{${"(".repeat(3_000)}1${")".repeat(3_000)}}}`],
  ["fields in fields without end", `{{ client${"[client".repeat(800)}${"]".repeat(800)} }}`],
  ["more text than may be written", "{{ client.name | truncate: 9, 'x' }}".repeat(4_000)],
  ["a condition that does not end", "{% if true %}{{ client.name }}"],
  ["an output that does not end", "%}{{"],
  ["an empty output", "{{ }}"],
];

test.each(hostile)("%s is refused when it is saved and when it is written (S32)", (_what, text) => {
  expect(checkTemplate("body", text).length).toBeGreaterThan(0);
  expect(() => render(text)).toThrow(expect.objectContaining({ code: "validation_failed" }));
});

test("a property that every object has is nothing to a condition either (S32)", () => {
  const text = "{% if client.constructor %}yes{% else %}no{% endif %}";
  expect(checkTemplate("body", text)).toHaveLength(1);
  expect(render(text).text).toBe("no");
});

test("what is wrong is told in less than was sent (S32)", () => {
  const text = `{{ client${"[client".repeat(800)}${"]".repeat(800)} }}`;
  expect(JSON.stringify(checkTemplate("body", text)).length).toBeLessThan(text.length);
});

test("conditions within conditions are written as long as they are few (S32)", () => {
  const nested = (depth: number) => "{% if period %}".repeat(depth) + "x" + "{% endif %}".repeat(depth);
  expect(render(nested(20)).text).toBe("x");
  expect(checkTemplate("body", nested(20))).toEqual([]);
});

test("a text that can be empty is not sent empty, and one that writes nothing is not saved (S32)", () => {
  expect(() => render("{% if amount %}You owe {{ amount }}.{% endif %}")).toThrow(/its text would be empty/);
  expect(checkTemplate("body", "{% if client.name == 'x' %}Hello{% endif %}")).toEqual([
    { field: "body", message: "writes nothing" },
  ]);
});

test.each([
  ["a NUL", "a\u0000b"],
  ["an escape", "a\u001B[31mb"],
  ["a next line of C1", "a\u0085b"],
  ["a line separator", "a\u2028b"],
  ["an override of the direction", "invoice\u202Efdp.exe"],
  ["an isolate of the direction", "a\u2066b"],
  ["a noncharacter", "a\uFDD0b"],
  ["half a character", "a\uD83Db"],
])("a text with %s is refused when it is saved (S32, S34)", (_what, text) => {
  expect(bodyTemplate.safeParse(text).success).toBe(false);
  expect(subjectTemplate.safeParse(text).success).toBe(false);
  expect(bodyTemplate.safeParse("Hëllo 👩‍👩‍👧\n\tשלום").success).toBe(true);
});
