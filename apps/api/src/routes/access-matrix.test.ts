import { randomUUID } from "node:crypto";
import { snapshotOf } from "@reminder-app/testing/given-rows";
import { type GivenStripe, givenStripe } from "@reminder-app/testing/given-stripe";
import { reportMeasured } from "@reminder-app/testing/measured";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Actor, type Cast, givenCast } from "../given-actors.ts";
import { type GivenApi, type GivenFirm, givenApi } from "../given-api.ts";
import type { Answer } from "../given-call.ts";
import { businessOf, fill, makeBody, makeObjects } from "../given-objects.ts";
import { type ObjectKind, idsIn, kindsFor, outcomeFor, outcomeOf, shapeOf, twinOf } from "../given-policy.ts";
import type { Endpoint } from "../http/endpoint.ts";
import { endpoints } from "./all.ts";

type Made = Readonly<Record<string, string>>;

interface Cell {
  readonly endpoint: Endpoint;
  readonly actor: Actor;
  readonly kind: ObjectKind;
}

let stripe: GivenStripe;
let api: GivenApi;
let firm: GivenFirm;
let rival: GivenFirm;
let cast: Cast;
let cells: Cell[];

beforeAll(async () => {
  stripe = await givenStripe();
  api = await givenApi(stripe.settings);
  [firm, rival] = await Promise.all([api.firm(), api.firm()]);
  [cast] = await Promise.all([givenCast(api, firm), rival.verify()]);
  cells = endpoints.flatMap((endpoint) =>
    cast.actors.flatMap((actor) => kindsFor(endpoint, actor).map((kind) => ({ endpoint, actor, kind }))),
  );
});
afterAll(async () => {
  await api.close();
  stripe.close();
});

const isServed = ({ endpoint, actor, kind }: Cell) => outcomeFor(endpoint, actor, kind) === "served";
const titleOf = ({ endpoint: { method, path }, actor, kind }: Cell) =>
  `${actor.name} ${method.toUpperCase()} ${path} (${kind})`;

async function ask({ endpoint, actor }: Cell, made: Made, body: unknown): Promise<Answer> {
  const headers = { ...shownBy(actor, endpoint), ...(endpoint.upload && { "content-type": endpoint.upload }) };
  return api.call(endpoint.method.toUpperCase(), fill(endpoint.path, made), { body, headers });
}

function shownBy(actor: Actor, endpoint: Endpoint): Record<string, string> {
  const authorization = actor.authorization(endpoint);
  return authorization === undefined ? {} : { authorization };
}

/** An answer that is none, or not as the documentation says. */
const faultOf = (error: unknown) => String(error);

/** Run `work` for all of `items`, some at a time. */
async function pooled<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const queue = [...items];
  const run = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: 8 }, run));
}

/** Objects of each kind for one endpoint, and a body that would be right. */
async function prepare(endpoint: Endpoint) {
  const staff = [cast.limitedId];
  const [own, theirs, foreign] = [
    await makeObjects(endpoint, { firm, caller: firm, staff }),
    await makeObjects(endpoint, { firm, caller: firm, staff: [] }),
    await makeObjects(endpoint, { firm: rival, caller: rival, staff: [] }),
  ];
  const ids = idsIn(endpoint);
  const absent = { ...own, ...Object.fromEntries(ids.map((name) => [name, randomUUID()])) };
  const onlyLast = (from: Made) => ({
    ...own,
    ...Object.fromEntries(ids.slice(-1).map((name) => [name, from[name] ?? ""])),
  });
  const objects: Record<ObjectKind, Made> = {
    own,
    foreign,
    absent,
    "colleague's": theirs,
    foreignPart: onlyLast(foreign),
    absentPart: onlyLast(absent),
  };
  return { objects, body: await makeBody(endpoint, { firm, caller: firm, staff, made: own }) };
}

/** Some 1,700 calls, one after the other for each actor. */
const MANY_CALLS_MS = 180_000;

test(
  "whoever may not is refused alike whatever they name, and nothing changes anywhere (S20, S21, S23, S24)",
  { timeout: MANY_CALLS_MS },
  async ({ task }) => {
    const refused = cells.filter((cell) => !isServed(cell));
    const prepared = new Map<Endpoint, Awaited<ReturnType<typeof prepare>>>();
    await pooled([...new Set(refused.map(({ endpoint }) => endpoint))], async (endpoint) => {
      prepared.set(endpoint, await prepare(endpoint));
    });
    const businesses = [await businessOf(firm), await businessOf(rival)];
    const before = await Promise.all(businesses.map(snapshotOf));

    const faults: string[] = [];
    const shapes = new Map<string, string>();
    await pooled(refused, async (cell) => {
      const { endpoint, actor, kind } = cell;
      const { objects, body } = prepared.get(endpoint)!;
      const wanted = outcomeFor(endpoint, actor, kind);
      const answer = await ask(cell, objects[kind], body).catch(faultOf);
      const got = typeof answer === "string" ? answer : outcomeOf(endpoint, answer);
      if (got !== wanted) faults.push(`${titleOf(cell)}: ${wanted} was due, it answered ${got}`);
      if (wanted === "absent" && typeof answer !== "string") shapes.set(titleOf(cell), shapeOf(answer));
    });
    for (const cell of refused.filter(
      ({ kind }) => kind === "foreign" || kind === "foreignPart" || kind === "colleague's",
    )) {
      const shape = shapes.get(titleOf(cell));
      const none = shapes.get(titleOf({ ...cell, kind: twinOf(cell.endpoint, cell.kind) }));
      if (shape !== undefined && shape !== none) faults.push(`${titleOf(cell)}: ${shape} is not as ${none}`);
    }
    reportMeasured(task, { matrixCells: refused.length, matrixFailures: faults.length });
    expect(faults).toEqual([]);
    expect(await Promise.all(businesses.map(snapshotOf))).toEqual(before);
  },
);

test(
  "whoever may is served, and no other firm is touched (S20, S21, S23, S24)",
  { timeout: MANY_CALLS_MS },
  async ({ task }) => {
    const rivals = await businessOf(rival);
    const before = await snapshotOf(rivals);
    const served = cells.filter(isServed);
    const faults: string[] = [];
    const succeeded = new Set<string>();
    const byActor = Map.groupBy(served, ({ actor }) => actor);
    await Promise.all(
      [...byActor].map(async ([actor, theirs]) => {
        for (const cell of theirs) {
          const { endpoint } = cell;
          const answer = await askOnce(cell, actor).catch(faultOf);
          const got = typeof answer === "string" ? answer : outcomeOf(endpoint, answer);
          if (got !== "served") faults.push(`${titleOf(cell)}: it should be served, it answered ${got}`);
          if (typeof answer !== "string" && answer.status === endpoint.answer.status)
            succeeded.add(endpoint.operationId);
        }
      }),
    );
    reportMeasured(task, { matrixCells: served.length, matrixFailures: faults.length });
    expect(faults).toEqual([]);
    expect(await snapshotOf(rivals)).toEqual(before);
    const operations = endpoints.map(({ operationId }) => operationId);
    expect(operations.filter((id) => !succeeded.has(id) && !mayFail.has(id))).toEqual([]);
  },
);

/**
 * Operations that are let through and then find a body wrong, because only a mail or an authenticator tells what is
 * right; or the business a live one, where only a test business has what they move.
 */
const mayFail = new Set([
  "login",
  "renewToken",
  "verifyEmail",
  "askToVerifyEmail",
  "resetPassword",
  "confirmEmail",
  "confirmSecondFactor",
  "removeSecondFactor",
  "renewRecoveryCodes",
  "acceptInvitation",
  "freezeTestClock",
  "advanceTestClock",
]);

/** Ask for objects of the cell's own; once more with a new session when the last request has ended the old one. */
async function askOnce(cell: Cell, actor: Actor): Promise<Answer> {
  const { endpoint } = cell;
  const staff = actor.limited ? [cast.limitedId] : [];
  const caller = { get: (path: string) => api.call("GET", path, { headers: shownBy(actor, endpoint) }) };
  const making = { firm, caller, staff };
  const made = endpoint.access === "public" ? {} : await makeObjects(endpoint, making);
  const body = await makeBody(endpoint, { ...making, made });
  const answer = await ask(cell, made, body);
  if (answer.status !== 401 || !actor.renew || endpoint.access === "public") return answer;
  await actor.renew();
  return ask(cell, made, body);
}
