import { expect, test } from "vitest";
import { auditFaults } from "./audit.ts";

const advisory = { title: "Prototype pollution", url: "https://advisories.example/1" };
const answer = (vulnerabilities: object) => JSON.stringify({ auditReportVersion: 2, vulnerabilities });

test("an answer without advisories, or with lesser ones only, is well (S69)", () => {
  expect(auditFaults(answer({}))).toEqual([]);
  expect(auditFaults(answer({ a: { severity: "moderate", range: "<2", via: [advisory] } }))).toEqual([]);
});

test("high and critical advisories are named, with what mends them (S69)", () => {
  const faults = auditFaults(
    answer({
      a: { severity: "high", range: "<2.0.1", via: [advisory], fixAvailable: { name: "a", version: "2.0.1" } },
      b: { severity: "critical", via: ["a"], fixAvailable: false },
    }),
  );
  expect(faults).toEqual([
    "a <2.0.1 has a high advisory: Prototype pollution; fixed by a@2.0.1",
    "b  has a critical advisory: by a",
  ]);
});

test.each([
  ["a registry that takes no such question", '{"message":"405 Method Not Allowed","statusCode":405,"error":{}}', "405"],
  ["no network", '{"error":{"code":"ENOTFOUND","summary":"getaddrinfo"}}', "ENOTFOUND"],
  ["an npm that says nothing", "", "could not be asked"],
  ["a page in place of an answer", "<html>Sign in</html>", "could not be asked"],
  ["an answer of another form", '{"advisories":{}}', "could not be asked"],
])("%s is no clean bill, and is told as unanswered (S69)", (_what, said, told) => {
  expect(() => auditFaults(said)).toThrow(expect.objectContaining({ name: "CouldNotAsk" }));
  expect(() => auditFaults(said)).toThrow(told);
});
