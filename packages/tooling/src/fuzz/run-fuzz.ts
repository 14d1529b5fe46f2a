import fc, { type GeneratorValue } from "fast-check";
import { type Actor, type Cast, type Letter, chooseActor, createCast } from "./cast.ts";
import { type Asked, createAnswerCheck } from "./check-answer.ts";
import { type Composer, type Parts, bytesOf, createComposer, pathOf } from "./compose.ts";
import { examplesOf } from "./examples.ts";
import type { Fault, Finding, FindingKind } from "./finding.ts";
import { breakForm, makeOdd } from "./mutate.ts";
import { chance, pick } from "./pick.ts";
import { rawRequests } from "./raw-requests.ts";
import { type Operation, readOperations } from "./read-operations.ts";
import { type Received, type Sender, type Sent, openSender } from "./send-request.ts";

export interface FuzzOptions {
  /** Of the API, which has to serve `/openapi.json`. */
  readonly url: string;
  readonly seed: number;
  /** Whichever of both ends first. */
  readonly seconds: number;
  readonly requests?: number;
  /** Ids of the operations to ask for; all when left out. */
  readonly only?: readonly string[] | undefined;
  readonly log: (line: string) => void;
  /** A new member of a business with this role, and a token of theirs. */
  readonly addMember?: Cast["addMember"];
  /** The mail about accounts that was asked for since the last time. */
  readonly readMail?: () => Promise<readonly Letter[]>;
}

export interface FuzzResult {
  readonly requests: number;
  readonly operations: number;
  /** Operations that never answered with 2xx. */
  readonly neverDone: readonly string[];
  readonly findings: readonly Finding[];
  /** How many answers of each status each operation gave. */
  readonly answers: Answers;
}

type Answers = Readonly<Record<string, Readonly<Record<string, number>>>>;

const MOST_FINDINGS = 50;
const PATIENCE = 40;
const MAIL_EVERY = 25;

/**
 * Ask an API for all that its documentation offers: right, at the edge of it and beside it, as everyone who may ask.
 * The same seed asks the same questions in the same order; ids and moments differ between runs.
 */
export async function runFuzz(options: FuzzOptions): Promise<FuzzResult> {
  const sender = openSender(options.url);
  try {
    const document = (await sender.send({ method: "GET", path: "/openapi.json", headers: {} }))?.text ?? "";
    const operations = readOperations(JSON.parse(document) as object);
    const cast = await createCast({ operations, sender, addMember: options.addMember });
    options.log(`${operations.length} operations; two businesses are founded`);
    const asked = operations.filter(({ id }) => options.only?.includes(id) ?? true);
    if (asked.length === 0) throw new Error("There is no such operation");
    const composer = createComposer(examplesOf(operations));
    const run = {
      operations,
      asked,
      sender,
      cast,
      composer,
      check: createAnswerCheck(),
      done: new Set<string>(),
      tried: new Map(),
    };
    return await loop(run, options);
  } finally {
    await sender.close();
  }
}

interface Run {
  readonly operations: readonly Operation[];
  /** Those among them that are chosen from. */
  readonly asked: readonly Operation[];
  readonly sender: Sender;
  readonly cast: Cast;
  readonly composer: Composer;
  readonly check: (answer: Received, asked: Asked) => Fault[];
  /** Ids of operations that were answered with 2xx. */
  readonly done: Set<string>;
  /** How often each was tried. */
  readonly tried: Map<string, number>;
}

async function loop(run: Run, { seed, seconds, requests = Infinity, log, readMail }: FuzzOptions): Promise<FuzzResult> {
  const until = performance.now() + seconds * 1_000;
  const findings = new Map<string, Finding>();
  const answers: Record<string, Record<string, number>> = {};
  let step = 0;
  for (; step < requests && performance.now() < until && findings.size < MOST_FINDINGS; step += 1) {
    const [draw] = fc.sample(fc.gen(), { seed: seed * 1_000_003 + step, numRuns: 1 });
    if (!draw) continue;
    if (readMail && step % MAIL_EVERY === 0) run.cast.receive(await readMail());
    const asked = await ask(run, draw);
    const status = asked.answer?.status ?? "none";
    const counted = (answers[asked.operation] ??= {});
    counted[status] = (counted[status] ?? 0) + 1;
    for (const fault of asked.faults) {
      const place = `${asked.operation} ${fault.kind} ${fault.message.replaceAll(/\d+|kanari\w+|[0-9a-f-]{36}/g, "#")}`;
      if (!findings.has(place)) log(`found at step ${step}: ${fault.kind} in ${asked.operation}: ${fault.message}`);
      findings.set(place, findings.get(place) ?? { ...asked, ...fault, seed, step });
    }
  }
  return {
    requests: step,
    operations: run.asked.length,
    neverDone: run.asked.filter(({ id }) => !run.done.has(id)).map(({ id }) => id),
    findings: [...findings.values()],
    answers,
  };
}

type Outcome = Pick<Finding, "operation" | "actor" | "request" | "answer"> & { readonly faults: readonly Fault[] };

async function ask(run: Run, draw: GeneratorValue): Promise<Outcome> {
  if (chance(draw, 1)) return askRaw(run, draw);
  const actor = await chooseActor(run.cast, draw);
  const operation = chooseOperation(run, draw);
  run.tried.set(operation.id, (run.tried.get(operation.id) ?? 0) + 1);
  const parts = run.composer.compose(operation, actor.world, draw);
  const way = draw(fc.nat, { max: 99 });
  if (way >= 50 && way < 80) makeOdd(parts, draw);
  if (way >= 80) breakForm(parts, draw);
  return send(run, { parts, actor });
}

/** What never worked so far is tried more often, unless it seems that it cannot. */
function chooseOperation({ asked, tried, done }: Run, draw: GeneratorValue): Operation {
  const open = asked.filter(({ id }) => !done.has(id) && (tried.get(id) ?? 0) < PATIENCE);
  const among = open.length > 0 && chance(draw, 30) ? open : asked;
  return pick(draw, among);
}

async function send(run: Run, { parts, actor }: { parts: Parts; actor: Actor }): Promise<Outcome> {
  const request = toRequest(parts, actor);
  const asked = parts.method === "HEAD" ? "GET" : parts.method; // it is documented as the GET whose body it leaves out
  const operation = operationOf(run.operations, parts, asked);
  const told = { operation: operation?.id ?? `${parts.method} ${parts.operation.path}`, actor: actor.name, request };
  const answer = await run.sender.send(request);
  if (!answer) return { ...told, answer, faults: [{ kind: "undocumented", message: "there was no answer" }] };
  const foreign = run.cast.foreignTo(actor);
  const said = `${request.path}\n${JSON.stringify(request.headers)}\n${request.body?.toString() ?? ""}`;
  const faults = run.check(answer, { method: parts.method, operation, said, foreign });
  const done = answer.status < 300;
  const reached = done && Object.values(parts.params).find((id) => foreign.hasId(id));
  if (reached) faults.push({ kind: "leak", message: `${reached} of another business was reached` });
  if (done && operation) {
    run.done.add(operation.id);
    // What is leaked must not become a word of ours, or every echo of it would be one more finding.
    if (faults.length === 0) learnFrom({ operation, parts, actor }, answer.text);
  }
  if (answer.status === 401 && request.headers["authorization"] === `Bearer ${actor.token}`)
    await run.cast.refused(actor);
  return { ...told, answer, faults };
}

/** Which operation another method on this path is; a path with a word in it may be another operation's whole path. */
function operationOf(operations: readonly Operation[], parts: Parts, method: string): Operation | undefined {
  const { path } = parts.operation;
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => parts.params[name] ?? "");
  const isThere = (one: Operation) => new RegExp(`^${one.path.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(filled);
  const candidates = operations.filter((one) => one.method === method);
  // Without its last part a path is another one.
  const isWhole = !filled.endsWith("/");
  return candidates.find((one) => isWhole && one.path === path) ?? candidates.find(isThere);
}

function toRequest(parts: Parts, { token }: Actor): Sent {
  const body = bytesOf(parts);
  return {
    method: parts.method,
    path: pathOf(parts),
    headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...parts.headers },
    ...(body && parts.method !== "GET" && parts.method !== "HEAD" && { body }),
  };
}

function learnFrom(
  { operation, parts, actor }: { operation: Operation; parts: Parts; actor: Actor },
  answer: string,
): void {
  if (answer.startsWith("{")) actor.world.learn(operation, parts.params, JSON.parse(answer));
  const { password } = (parts.body ?? {}) as { readonly password?: unknown };
  if (typeof password === "string") actor.business?.mayHavePassword(password);
}

async function askRaw(run: Run, draw: GeneratorValue): Promise<Outcome> {
  const lines = pick(draw, rawRequests);
  const request = Buffer.from(lines.join("\r\n"), "latin1");
  const answer = await run.sender.sendRaw(request);
  const told = { operation: "bare socket", actor: "nobody", request, answer };
  if (!answer) return { ...told, faults: [{ kind: "undocumented", message: "there was no answer" }] };
  const foreign = run.cast.foreignTo(undefined);
  return { ...told, faults: run.check(answer, { method: "", operation: undefined, said: lines.join("\n"), foreign }) };
}

export const countKind = (findings: readonly Finding[], kind: FindingKind): number =>
  findings.filter((finding) => finding.kind === kind).length;
