import { afterAll, beforeAll, expect, test } from "vitest";
import { createFaultDice, faultsSchema } from "./faults.ts";
import { givenSandbox } from "./given-sandbox.ts";
import { plainScript } from "./outcomes.ts";
import { createScripts } from "./scripts.ts";

let sandbox: Awaited<ReturnType<typeof givenSandbox>>;
beforeAll(async () => {
  sandbox = await givenSandbox();
});
afterAll(() => sandbox.close());

function decideMany(count: number, faults: { rates: Record<string, number>; seed: number }) {
  const dice = createFaultDice();
  dice.set(faultsSchema.parse(faults));
  const scripts = createScripts(dice);
  return Array.from({ length: count }, (_, index) => scripts.decide("email", `a${index}@example.com`).outcome);
}

test("random faults come about as often as asked for, and the same ones for the same seed", () => {
  const rates = { throttle: 0.1, hang: 0.05 };
  const outcomes = decideMany(4_000, { rates, seed: 1 });

  const share = (outcome: string) => outcomes.filter((one) => one === outcome).length / outcomes.length;
  expect(share("throttle")).toBeCloseTo(0.1, 1);
  expect(share("hang")).toBeCloseTo(0.05, 1);
  expect(share("accept") + share("throttle") + share("hang")).toBeCloseTo(1);
  expect(decideMany(4_000, { rates, seed: 1 })).toEqual(outcomes);
  expect(decideMany(4_000, { rates, seed: 2 })).not.toEqual(outcomes);
});

test("an address's script comes before what it says of itself, that before random faults, those before the channel's default", () => {
  const dice = createFaultDice();
  const scripts = createScripts(dice);
  scripts.set("sms", "*", { ...plainScript, then: "throttle", callbacks: "late" });
  expect(scripts.decide("sms", "+353871234567")).toMatchObject({ outcome: "throttle", callbacks: "late" });

  dice.set(faultsSchema.parse({ channel: "sms", rates: { server_error: 1 } }));
  expect(scripts.decide("sms", "+353871234567")).toMatchObject({ outcome: "server_error", callbacks: "late" });
  expect(scripts.decide("email", "anna@example.com").outcome).toBe("accept");
  expect(scripts.decide("sms", "+1 500 555 0001").outcome).toBe("refuse");

  scripts.set("sms", "+1 (500) 555-0001", plainScript);
  expect(scripts.decide("sms", "+15005550001").outcome).toBe("accept");
});

test.each([
  ["refuse-once+x@example.com", ["refuse", "accept", "accept"]],
  ["accept-then-drop@example.com", ["accept_then_drop", "accept_then_drop", "accept_then_drop"]],
  ["refused@example.com", ["accept", "accept", "accept"]],
])("mail to %s meets %j", (address, expected) => {
  const scripts = createScripts(createFaultDice());
  expect([1, 2, 3].map(() => scripts.decide("email", address).outcome)).toEqual(expected);
});

test("+15005551003 is throttled once", () => {
  const scripts = createScripts(createFaultDice());
  expect([1, 2].map(() => scripts.decide("sms", "+15005551003").outcome)).toEqual(["throttle", "accept"]);
});

test.each([
  ["PUT", "/sandbox/scripts/sms/*", { outcomes: ["explode"] }, 422, "outcomes.0"],
  ["PUT", "/sandbox/scripts/pigeon/*", {}, 422, ""],
  ["PUT", "/sandbox/faults", { rates: { hang: 0.9, throttle: 0.2 } }, 422, "rates"],
  ["GET", "/sandbox/ledger?after=x", undefined, 422, "after"],
])("%s %s with %j is answered with a problem that names the field", async (method, path, body, status, field) => {
  const answer = await sandbox.call(method, path, body);
  expect(answer.status).toBe(status);
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  expect(await answer.json()).toMatchObject({ errors: [{ field }] });
});

test("broken JSON, unknown paths and wrong methods are 400, 404 and 405", async () => {
  const broken = await fetch(`${sandbox.url}/sandbox/faults`, { method: "PUT", body: "{" });
  const statuses = [broken, await sandbox.call("GET", "/nowhere"), await sandbox.call("DELETE", "/sandbox/messages")];
  expect(statuses.map(({ status }) => status)).toEqual([400, 404, 405]);
});

test("scripts and faults can be taken back", async () => {
  await sandbox.script("whatsapp", "*", { then: "refuse" });
  await sandbox.call("PUT", "/sandbox/faults", { rates: { refuse: 1 } });
  expect((await sandbox.call("DELETE", "/sandbox/scripts")).status).toBe(204);
  expect((await sandbox.call("DELETE", "/sandbox/faults")).status).toBe(204);
  const message = { messaging_product: "whatsapp", to: "353871234567", text: { body: "Hello" } };
  const answer = await fetch(`${sandbox.url}/v23.0/106540352242922/messages`, {
    method: "POST",
    headers: { authorization: "Bearer test" },
    body: JSON.stringify(message),
  });
  expect(answer.status).toBe(200);
});
