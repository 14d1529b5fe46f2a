import { expect, test } from "vitest";
import { TZ_FLOOR, clockVersion, floorFault, isOlderVersion } from "./tz-floor.ts";
import { tzdataVersion } from "./zones.ts";

test("versions of the tz database are in the order of their years and letters (A7)", () => {
  const sorted = ["2025b", "2025z", "2025za", "2026a", "2026c"];
  for (const [index, version] of sorted.entries())
    for (const [other, than] of sorted.entries()) expect(isOlderVersion(version, than)).toBe(index < other);
});

test("what is no version is older than all, and nothing is older than it (A7)", () => {
  for (const text of ["unknown", "", "2026", "26c", "2026C"]) {
    expect(isOlderVersion(text, "2026c")).toBe(true);
    expect(isOlderVersion("2026c", text)).toBe(false);
  }
});

test("data below the floor is a fault that says what to do, and the runtime's own is not below it (A7)", () => {
  expect(floorFault("2025b")).toContain(
    `is of version 2025b, and local times are right from ${TZ_FLOOR} on; run a newer`,
  );
  expect([floorFault(TZ_FLOOR), floorFault("2027a"), floorFault()]).toEqual([undefined, undefined, undefined]);
});

test("what moments are worked out with is told with the corrections that the runtime needs (A7)", () => {
  expect(clockVersion().split("+")[0]).toBe(tzdataVersion());
});
