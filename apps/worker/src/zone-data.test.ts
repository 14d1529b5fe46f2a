import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { reminderRepo } from "@reminder-app/core/reminders/reminders.repo";
import { followClocks } from "@reminder-app/core/system/follow-clocks";
import { newerZones } from "@reminder-app/core/system/newer-zones";
import { installationRepo } from "@reminder-app/core/system/installation.repo";
import { pageTasks, PageTasksQuery } from "@reminder-app/core/tasks/page-tasks";
import { HOUR_MS, after } from "@reminder-app/platform/clock";
import { givenBusiness, liveSystem } from "@reminder-app/testing/given-business";
import { expect, test, vi } from "vitest";
import { log } from "./given-worker.ts";
import { machineClocks } from "./machine-clocks.ts";
import { followZoneData } from "./zone-data.ts";

const nowhere = machineClocks({ tzdata: "/nowhere" });
const never = new AbortController().signal;
const daily = { kind: "recurring", start: "2026-01-01T09:00", zone: "America/Vancouver", rule: "FREQ=DAILY" } as const;

/** The machine's own data under a version to come; what it says is older, so that zones differ. */
function givenNewerData(): string {
  const file = join(mkdtempSync(join(tmpdir(), "tzdata-")), "tzdata.zi");
  const own = readFileSync("/usr/share/zoneinfo/tzdata.zi", "utf8");
  writeFileSync(file, own.replace(/^# version .*/, "# version 2098z"));
  return file;
}

async function givenShifted(mode: "live" | "test") {
  const shop = await givenBusiness({ now: new Date().toISOString(), mode });
  const reminder = await shop.reminder({ schedule: daily });
  const right = reminder.nextDueAt;
  await reminderRepo(shop.ctx).update(reminder.id, { nextDueAt: after(right!, HOUR_MS) });
  return { right, nextDueAt: async () => (await reminderRepo(shop.ctx).get(reminder.id)).nextDueAt };
}

test("a worker that starts with other time zone data works due moments out again, and keeps the version (A7)", async () => {
  const installation = installationRepo(liveSystem.db);
  await installation.set("clock_version", "2025a", new Date());
  const given = [await givenShifted("live"), await givenShifted("test")];
  await Promise.all([1, 2].map(() => followZoneData({ system: liveSystem, log, machine: nowhere }, never)));
  for (const { right, nextDueAt } of given) expect(await nextDueAt()).toEqual(right);
  expect(await installation.get("clock_version")).toMatch(new RegExp(`^${process.versions.tz}`));
  expect(await followClocks(liveSystem)).toBeUndefined();
}, 120_000);

test("a reminder in a zone that is not known any more keeps no other one from being worked out again (A7)", async () => {
  const installation = installationRepo(liveSystem.db);
  const shop = await givenBusiness({ now: new Date().toISOString() });
  const lost = await shop.reminder({ schedule: daily });
  await reminderRepo(shop.ctx).update(lost.id, { schedule: { ...daily, zone: "Atlantis/Poseidonis" } });
  const { right, nextDueAt } = await givenShifted("live");
  await installation.set("clock_version", "2025a", new Date());
  expect((await followClocks(liveSystem))?.unknown).toBeGreaterThan(0);
  expect(await nextDueAt()).toEqual(right);
  await reminderRepo(shop.ctx).update(lost.id, { schedule: daily });
});

test("with the same data nothing is worked out again (A7)", async () => {
  await followClocks(liveSystem);
  const { right, nextDueAt } = await givenShifted("live");
  expect(await followClocks(liveSystem)).toBeUndefined();
  expect(await nextDueAt()).toEqual(after(right!, HOUR_MS));
});

test("a worker that is stopped on the way keeps no version, so that the next one begins anew (A7)", async () => {
  const installation = installationRepo(liveSystem.db);
  await followClocks(liveSystem);
  const version = (await installation.get("clock_version")) ?? "";
  await installation.set("clock_version", "2025a", new Date());
  await givenShifted("live");
  const stopped = AbortSignal.abort(new Error("stopped"));
  await expect(followClocks({ ...liveSystem, signal: stopped })).rejects.toThrow("stopped");
  expect(await installation.get("clock_version")).toBe("2025a");
  await installation.set("clock_version", version, new Date());
});

test("where the machine's data is newer, firms in the zones that differ, or with clients there, get one task each (A7)", async () => {
  await followClocks(liveSystem);
  const [there, withClient, elsewhere] = await Promise.all([
    givenBusiness({ timeZone: "America/Vancouver" }),
    givenBusiness(),
    givenBusiness(),
  ]);
  await withClient.client({ timeZone: "America/Vancouver" });
  const warn = vi.fn<typeof log.warn>();
  const tzdata = givenNewerData();
  for (let start = 0; start < 2; start += 1)
    await followZoneData({ system: liveSystem, log: { ...log, warn }, machine: machineClocks({ tzdata }) }, never);
  const tasksOf = async ({ ctx }: typeof there) =>
    (await pageTasks(ctx, PageTasksQuery.parse({ kind: "zone_data_old" }))).items.map(({ count, note }) => [
      count,
      note,
    ]);
  const told = [[1, expect.stringContaining("America/Vancouver has changed (time zone data 2098z)")]];
  expect([await tasksOf(there), await tasksOf(withClient), await tasksOf(elsewhere)]).toEqual([told, told, []]);
  expect(warn.mock.lastCall?.[0]["reason"]).toMatch(/^2098z: .*America\/Vancouver/);
}, 60_000);

test("without a tz database on the machine, without zdump, or with an older one, there is nothing to compare (A7)", async () => {
  const now = new Date();
  const [newer, older] = [givenNewerData(), givenNewerData()];
  writeFileSync(older, "# version 2020a\nL Europe/London GB\n");
  expect((await newerZones(machineClocks({ tzdata: newer }), now))?.zones).toContain("America/Vancouver");
  const without = { tzdata: newer, zdump: "/nowhere/zdump" };
  for (const machine of [nowhere, machineClocks(without), machineClocks({ tzdata: older })])
    expect(await newerZones(machine, now)).toBeUndefined();
});
