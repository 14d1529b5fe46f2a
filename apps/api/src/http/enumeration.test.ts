import { afterAll, beforeAll, expect, test } from "vitest";
import { type GivenApi, type GivenFirm, anAddress, givenApi } from "../given-api.ts";
import type { Answer } from "../given-call.ts";

let api: GivenApi;
let firm: GivenFirm;
let known: string;
const unknown = anAddress("nobody");

beforeAll(async () => {
  api = await givenApi();
  firm = await api.firm();
  await firm.verify();
  const other = await api.firm();
  await other.verify();
  known = other.email;
});
afterAll(() => api.close());

const PAIRS = 15;
const TRIES = 3;
const SAME_MS = 10;
const SAME_SHARE = 0.25;

type Ask = (address: string) => Promise<Answer>;

const business = { businessName: "Rival", timeZone: "UTC", name: "Eve", password: "another long password" };
const asks: Readonly<Record<string, Ask>> = {
  login: (email) => api.call("POST", "/v1/auth/login", { body: { email, password: "not the right one" } }),
  register: (email) => api.call("POST", "/v1/auth/register", { body: { ...business, email } }),
  reset: (email) => api.call("POST", "/v1/auth/forgot-password", { body: { email } }),
  invite: (email) => firm.post("/v1/invitations", { email, role: "staff" }),
};

/** Whoever registers does so once, so that an unknown address is a new one each time. */
const unknownFor = (what: string) => (what === "register" ? anAddress("new") : unknown);

async function timed(ask: Ask, address: string): Promise<number> {
  const from = performance.now();
  await ask(address);
  return performance.now() - from;
}

/** Medians of pairs that took turns, in milliseconds: what slows the machine down slows both. */
async function medians(what: string, ask: Ask): Promise<{ known: number; unknown: number }> {
  const times = { known: [] as number[], unknown: [] as number[] };
  for (let pair = 0; pair < PAIRS; pair += 1) {
    if (pair % 2 === 0) times.known.push(await timed(ask, known));
    times.unknown.push(await timed(ask, unknownFor(what)));
    if (pair % 2 === 1) times.known.push(await timed(ask, known));
  }
  return { known: median(times.known), unknown: median(times.unknown) };
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}

/** What of an answer is the same for all: its own ids, moments and the address that was asked about are not. */
function shapeOf({ status, headers, body }: Answer, address: string) {
  const text = JSON.stringify(body).replaceAll(address, "?");
  const plain = text.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "id").replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "moment");
  return { status, names: [...headers.keys()].toSorted(), plain };
}

test.each(Object.entries(asks))(
  "%s answers the same for an address that has an account and for one that has none (S14)",
  async (what, ask) => {
    const other = unknownFor(what);
    const answers = [shapeOf(await ask(known), known), shapeOf(await ask(other), other)];
    expect(answers[0]).toEqual(answers[1]);
  },
);

test.each(Object.entries(asks))(
  "%s takes as long for an address that has an account as for one that has none (S14)",
  async (what, ask) => {
    await medians(what, ask);
    const measured: string[] = [];
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const { known: one, unknown: other } = await medians(what, ask);
      measured.push(`${one.toFixed(1)} ms and ${other.toFixed(1)} ms`);
      if (Math.abs(one - other) < Math.max(SAME_MS, SAME_SHARE * Math.max(one, other))) return;
    }
    expect.fail(`The times differ: ${measured.join("; ")}`);
  },
  120_000,
);
