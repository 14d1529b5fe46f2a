import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { projectRoot } from "../verify/project-files.ts";
import { describeFinding } from "./finding.ts";
import { runFuzz } from "./run-fuzz.ts";

interface Api {
  readonly url: string;
  close(): Promise<void>;
}

/** Computed, because tooling may not depend on an app. */
const path = pathToFileURL(join(projectRoot, "apps/api/src/given-broken.ts")).href;
const { givenBrokenApi } = (await import(path)) as { givenBrokenApi(faults: readonly string[]): Promise<Api> };

const faults = ["failsAtTheBound", "tellsMore", "otherStatus", "forgetsTheBusiness"];
const ours = ["createClient", "getClient", "listClients", "changeClient", "addContact", "previewSchedule"];
let broken: Api;
let right: Api;
beforeAll(async () => {
  [broken, right] = await Promise.all([givenBrokenApi(faults), givenBrokenApi([])]);
});
afterAll(() => Promise.all([broken.close(), right.close()]));

const fuzz = ({ url }: Api, seed: number) =>
  runFuzz({ url, seed, seconds: 100, requests: 500, only: [...faults, ...ours], log: () => {} });

test("some hundred requests find every route that is broken, and nothing in the others (S30, S43)", async () => {
  const { findings } = await fuzz(broken, 1);
  const found = findings.map(({ operation, kind }) => `${operation} ${kind}`);
  expect(found.filter((line) => !faults.some((fault) => line.startsWith(fault)))).toEqual([]);
  expect(found).toEqual(
    expect.arrayContaining([
      "failsAtTheBound 5xx",
      "tellsMore schema",
      "otherStatus undocumented",
      "forgetsTheBusiness leak",
    ]),
  );
}, 120_000);

test("what it found can be asked again, and a token is not told", async () => {
  const { findings } = await fuzz(broken, 2);
  const failure = findings.find(({ kind }) => kind === "5xx")!;
  const told = describeFinding(failure, broken.url);
  expect(told).toMatch(/^5xx: failsAtTheBound, asked by .+: it failed with 500\n {2}seed 2, step \d+\n {2}curl /);
  expect(told).toContain(`'${broken.url}/v1/broken/bound'`);
  expect(told).toContain('# body: "{\\"amount\\":1000}"');
  expect(told).toContain("Bearer $TOKEN");
  expect(told).not.toContain("Bearer ey");
}, 120_000);

test("without the broken routes it finds nothing, and reaches what the routes do (S30)", async () => {
  const { findings, neverDone, requests } = await fuzz(right, 1);
  expect(findings.map((finding) => describeFinding(finding, right.url))).toEqual([]);
  expect([requests, neverDone]).toEqual([500, []]);
}, 120_000);
