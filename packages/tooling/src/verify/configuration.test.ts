import { expect, test } from "vitest";
import { differences, settingsOfExample, settingsOfSchema, settingsOfTable } from "./configuration.ts";

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
