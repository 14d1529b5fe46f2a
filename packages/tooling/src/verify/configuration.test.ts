import { expect, test } from "vitest";
import {
  differences,
  ruleDifferences,
  sandboxDifferences,
  settingsOfExample,
  settingsOfSchema,
  settingsOfTable,
} from "./configuration.ts";

const port = { name: "PORT", default: "8000", meaning: "port of the API" };
const secret = { name: "SECRET", default: "", meaning: "a secret" };

test("settings are read from the schema, from a table and from an example file alike", () => {
  expect(settingsOfSchema()).toContainEqual(port);
  expect(settingsOfTable("| `PORT` | `8000` | port of the API |\n| `SECRET` | | a secret |\n")).toEqual([port, secret]);
  expect(settingsOfExample("# port of the API\nPORT=8000\n\n# a secret\nSECRET=\n")).toEqual([port, secret]);
});

test("a setting that is missing, told wrongly or unknown is a difference, and equal ones are none", () => {
  expect(differences("README", [port], [port])).toEqual([]);
  expect(differences("README", [port], [])).toEqual(["README does not name PORT"]);
  expect(differences("README", [port], [{ ...port, default: "80" }])).toHaveLength(1);
  expect(differences("README", [], [secret])).toEqual(["README names SECRET, which is no setting"]);
});

test("the sandbox's settings in the example have its defaults, and no other names", () => {
  const example = [
    { name: "SANDBOX_HOST", default: "127.0.0.1", meaning: "" },
    { name: "SANDBOX_PORT", default: "8025", meaning: "" },
    { name: "SANDBOX_SMTP_PORT", default: "25", meaning: "" },
    { name: "SANDBOX_LEDGER", default: "", meaning: "" },
    { name: "SANDBOX_WHATSAPP_CALLBACK_URL", default: "http://api", meaning: "" },
    { name: "SANDBOX_LEGDER", default: "", meaning: "" },
  ];

  expect(sandboxDifferences("example", example)).toEqual([
    'example: SANDBOX_SMTP_PORT should have the default "1025"',
    "example names SANDBOX_LEGDER, which is no setting",
    "example: SANDBOX_WHATSAPP_CALLBACK_URL has no default",
  ]);
});

test("the list of relaxed rules is as the code has it, no more and no fewer (J5)", () => {
  const rules = { sms_long: "the text is long", link_untrusted: "the text has a link" };
  const right = "| `sms_long` | the text is long |\n| `link_untrusted` | the text has a link |\n";

  expect(ruleDifferences(right, rules)).toEqual([]);
  expect(ruleDifferences("| `sms_long` | the text is short |\n| `old_rule` | x |\n", rules)).toEqual([
    'README.md: the rule sms_long should be listed as "the text is long"',
    'README.md: the rule link_untrusted should be listed as "the text has a link"',
    "README.md lists old_rule, which is no rule",
  ]);
});
