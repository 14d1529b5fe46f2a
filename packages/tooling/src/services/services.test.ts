import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { freePort, portIsFree } from "./free-port.ts";
import { startOwned } from "./owned-process.ts";
import { startServices } from "./services.ts";

const folder = mkdtempSync(join(tmpdir(), "reminder-app-services-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a free port is free, and lies below those of outgoing connections", async () => {
  const port = await freePort();
  expect(await portIsFree(port)).toBe(true);
  expect(port).toBeLessThan(30_000);
});

test("a program that cannot be started, or ends at once, is told with the end of its log", async () => {
  const options = { directory: folder, name: "nothing", args: [], answers: () => Promise.reject(new Error("silent")) };
  await expect(startOwned({ ...options, program: join(folder, "no-such-program") })).rejects.toThrow(
    /could not be started/,
  );
  const failing = { ...options, program: process.execPath, args: ["-e", "console.log('last words'); process.exit(3)"] };
  await expect(startOwned(failing)).rejects.toThrow(/last words/);
});

test("private servers start, are restarted on their ports, and leave nothing behind", async () => {
  const directory = join(folder, "private");
  const services = await startServices({ directory, keep: false, log: () => {}, privateOnly: true });
  const { database, redis } = services.servers ?? {};
  const before = [database?.pid, redis?.pid];
  await database?.restart({ crash: true });
  await redis?.restart({ empty: true });
  expect([database?.url, redis?.url]).toEqual([services.databaseUrl, services.redisUrl]);
  expect([database?.pid, redis?.pid]).not.toEqual(before);
  await services.stop();
  for (const pid of [database?.pid, redis?.pid]) expect(() => process.kill(pid ?? 0, 0)).toThrow(/ESRCH/);
});
