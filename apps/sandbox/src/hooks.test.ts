import { afterAll, beforeAll, expect, test } from "vitest";
import { givenSandbox } from "./given-sandbox.ts";

let sandbox: Awaited<ReturnType<typeof givenSandbox>>;
beforeAll(async () => {
  sandbox = await givenSandbox();
});
afterAll(() => sandbox.close());

const callsOf = async (name: string) => {
  const answer = await sandbox.call("GET", `/sandbox/hooks/${name}`);
  return ((await answer.json()) as { calls: { body: string; outcome: string; headers: Record<string, string> }[] })
    .calls;
};
const post = (name: string, options: RequestInit = {}) =>
  fetch(`${sandbox.url}/hooks/${name}`, { method: "POST", body: '{"id":1}', redirect: "manual", ...options });

test("a receiver shows what came to it, with its headers, and only that (J10)", async () => {
  expect((await post("shown", { headers: { "reminder-event-id": "e-1" } })).status).toBe(204);
  expect(await callsOf("shown")).toMatchObject([
    { body: '{"id":1}', outcome: "ok", headers: { "reminder-event-id": "e-1" } },
  ]);
  expect(await callsOf("another")).toEqual([]);
  await sandbox.call("DELETE", "/sandbox/hooks/shown");
  expect(await callsOf("shown")).toEqual([]);
});

test("it takes calls as its script says, one outcome for each, and goes on with the last (J10)", async () => {
  const script = { outcomes: ["fail", "redirect", "throttle", "refuse", "ok"] };
  expect((await sandbox.call("PUT", "/sandbox/hooks/scripted", script)).status).toBe(204);
  const statuses = [];
  for (let call = 0; call < 7; call += 1) statuses.push((await post("scripted")).status);
  expect(statuses).toEqual([500, 307, 429, 410, 204, 204, 204]);
});

test("it can hang, and answer without end (J10)", async () => {
  await sandbox.call("PUT", "/sandbox/hooks/slow", { outcomes: ["hang", "huge"] });
  await expect(post("slow", { signal: AbortSignal.timeout(200) })).rejects.toThrow(/abort|timeout/i);
  const huge = await post("slow");
  expect([huge.status, (await huge.arrayBuffer()).byteLength]).toEqual([200, 160 * 64 * 1024]);
});

test("a script of words that it does not know is refused (J10)", async () => {
  expect((await sandbox.call("PUT", "/sandbox/hooks/wrong", { outcomes: ["explode"] })).status).toBe(422);
});
