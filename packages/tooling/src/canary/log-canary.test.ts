import { queueNames } from "@reminder-app/platform/settings";
import { afterAll, beforeAll, expect, test } from "vitest";
import { environment } from "../../bootstrap/environment.mjs";
import { foundBusiness } from "../fuzz/found-business.ts";
import { readOperations } from "../fuzz/read-operations.ts";
import { openSender } from "../fuzz/send-request.ts";
import { type Caller, createCaller } from "./exchanges.ts";
import { type Place, findCanaries } from "./find-canaries.ts";
import {
  type Life,
  breakDatabase,
  enterBoard,
  forgeCallbacks,
  misplaceSecrets,
  remind,
  signUp,
  untilSettled,
} from "./live-a-life.ts";
import { type OwnStack, startOwnStack } from "../stack/own-stack.ts";
import { createSecrets } from "./secrets-of-life.ts";

const PATIENCE_MS = 180_000;

let stack: OwnStack;
let api: Caller;
const secrets = createSecrets();
const places: Place[] = [];
let reminderId: string;
let cookie: string;
let ended: Record<string, number>;

beforeAll(async () => {
  stack = await startOwnStack(environment["DATABASE_URL"] ?? "", environment["REDIS_URL"] ?? "");
  api = createCaller(stack.apiUrl);
  for (const [name, value] of Object.entries(stack.secrets)) secrets.keep(name, value.replace(/^\d+:/, ""));
  const life: Life = { stack, api, secrets };

  await everyText();
  const owner = await signUp(life);
  await misplaceSecrets(life, owner);
  await forgeCallbacks(life);
  cookie = await enterBoard(life);
  reminderId = await remind(life, owner);
  await look("just after they were sent");
  ended = await untilSettled(life, owner, reminderId);
  await look("once they were settled");
  await breakDatabase(life, owner, reminderId);
  await look("at the end");
  const { api: apiLog, worker } = stack.logs();
  places.push({ name: "the API's log", text: apiLog }, { name: "the worker's log", text: worker });
  for (const { method, path, status, text } of api.exchanges)
    if (status >= 400) places.push({ name: `the answer ${status} to ${method} ${path.split("?")[0] ?? ""}`, text });
}, PATIENCE_MS);
afterAll(() => stack?.stop(), PATIENCE_MS);

/** A business with a canary in every text that the documentation lets a caller store. */
async function everyText(): Promise<void> {
  const sender = openSender(stack.apiUrl);
  const document = JSON.parse((await api.ask("GET", "/openapi.json")).text) as object;
  const { canaries, token } = await foundBusiness({ name: "theirs", operations: readOperations(document), sender });
  await sender.close();
  secrets.keep("token of another business", token);
  for (const canary of canaries.planted) secrets.keep("text of another business", canary);
}

/** Keep what Redis and Bull Board hold at this moment. */
async function look(when: string): Promise<void> {
  places.push({ name: `Redis ${when}`, text: await stack.redis() });
  for (const queue of queueNames) {
    const path = `/ops/queues/api/queues?activeQueue=${queue}&status=latest&page=1`;
    const { status, text } = await api.ask("GET", path, { headers: { cookie } });
    if (status !== 200) throw new Error(`Bull Board answered ${status}: ${text}`);
    places.push({ name: `Bull Board's ${queue} ${when}`, text });
  }
}

const placesLike = (pattern: RegExp) => places.filter(({ name }) => pattern.test(name));
const textOf = (pattern: RegExp) =>
  placesLike(pattern)
    .map(({ text }) => text)
    .join("\n");

test("what is looked through is there: every kind of message, failed statements, jobs and refusals (S42)", () => {
  expect(ended).toMatchObject({ failed: expect.any(Number) });
  expect(Object.values(ended).reduce((sum, count) => sum + count, 0)).toBe(12);
  expect(textOf(/API's log/)).toContain('"route":"POST /v1/clients"');
  expect(textOf(/API's log/)).toMatch(/"message":"Failed query: insert into `clients`/);
  expect(textOf(/worker's log/)).toMatch(/"message":"Failed query: insert into `attempts`/);
  expect(textOf(/worker's log/)).toContain('"msg":"the job crashed"');
  expect(textOf(/^Redis/)).toContain(reminderId);
  expect(textOf(/^Bull Board/)).toContain(reminderId);
  expect(new Set(placesLike(/^the answer/).map(({ name }) => name.split(" ")[2]))).toEqual(
    new Set(["400", "401", "403", "404", "409", "413", "415", "422", "500"]),
  );
  expect(secrets.planted.length).toBeGreaterThan(100);
});

test("planted secrets and addresses appear in no log, Redis key or value, error body or page of the board (S42, J14)", ({
  task,
}) => {
  const hits = findCanaries(places, secrets.planted);
  Object.assign(task.meta, { measured: { canaryHits: hits.length } });
  expect(hits).toEqual([]);
});

test("a logger that writes requests as they are would be caught, whatever the secret is in (S42)", () => {
  const naive = api.exchanges.map(({ method, path, headers, sent }) => JSON.stringify({ method, path, headers, sent }));
  const caught = new Set(
    findCanaries([{ name: "a log", text: naive.join("\n") }], secrets.planted).map(({ kind }) => kind),
  );
  const elsewhere = /^(?:[A-Z_]+|.* of another business|mailed token)$/;
  const planted = new Set(secrets.planted.map(({ kind }) => kind).filter((kind) => !elsewhere.test(kind)));
  expect([...planted].filter((kind) => !caught.has(kind))).toEqual([]);
  expect(planted.size).toBeGreaterThan(30);
});
