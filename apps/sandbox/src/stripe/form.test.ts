import { expect, test } from "vitest";
import { parseForm } from "./form.ts";

test.each<[string, object]>([
  ["mode=payment&n=1", { mode: "payment", n: "1" }],
  ["a[b][c]=1&a[b][d]=2", { a: { b: { c: "1", d: "2" } } }],
  ["items[0][q]=1&items[1][q]=2&items[10][q]=3", { items: [{ q: "1" }, { q: "2" }, { q: "3" }] }],
  ["expand[]=x&expand[]=y.z", { expand: ["x", "y.z"] }],
  ["expand%5B0%5D=a%20b", { expand: ["a b"] }],
  ["a=1&a[b]=2", { a: { b: "2" } }],
  ["", {}],
])("%s is read as its SDKs write it", (text, expected) => {
  expect(parseForm(text)).toEqual(expected);
});

test("a name of a form is no more than a name", () => {
  const parsed = parseForm("__proto__[isAdmin]=1&constructor[prototype][isAdmin]=1");
  expect(Object.keys(parsed).toSorted()).toEqual(["__proto__", "constructor"]);
  expect({}).not.toHaveProperty("isAdmin");
});
