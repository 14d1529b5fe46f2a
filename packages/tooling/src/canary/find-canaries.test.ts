import { expect, test } from "vitest";
import { findCanaries } from "./find-canaries.ts";

const canaries = [
  { kind: "password", value: "a-secret of 9\n" },
  { kind: "phone", value: "+14155550123" },
];
const kindsIn = (text: string) => findCanaries([{ name: "a log", text }], canaries).map(({ kind }) => kind);

test.each([
  ["in clear", "x a-secret of 9\n y"],
  ["in other letters", "A-SECRET OF 9\n"],
  ["as JSON writes it", JSON.stringify({ body: "my a-secret of 9\n" })],
  ["as an address writes it", `?q=${encodeURIComponent("a-secret of 9\n")}`],
  ["in hex", Buffer.from("a-secret of 9\n").toString("hex")],
  ["in base64, alone", Buffer.from("a-secret of 9\n").toString("base64")],
  ["in base64, after one byte", Buffer.from("xa-secret of 9\n!").toString("base64")],
  ["in base64, after a user's name", Buffer.from("user:a-secret of 9\n:").toString("base64")],
])("a canary is found %s", (_how, text) => {
  expect(kindsIn(text)).toEqual(["password"]);
});

test("a number is found with and without its plus, and nothing is found where nothing is", () => {
  expect(kindsIn("to 14155550123")).toEqual(["phone"]);
  expect(kindsIn("to +14155550123.")).toEqual(["phone"]);
  expect(kindsIn("to +14155550124, a secret of 9")).toEqual([]);
});
