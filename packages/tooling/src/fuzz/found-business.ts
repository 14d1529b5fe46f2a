import { randomBytes } from "node:crypto";
import { type Canaries, createCanaries, textPlaces, withText } from "./canaries.ts";
import { paramsOf, pathOf, withLearnedIds } from "./compose.ts";
import { fill } from "./learned.ts";
import type { Operation } from "./read-operations.ts";
import type { Received, Sender } from "./send-request.ts";
import { type World, createWorld } from "./world.ts";

/** A business of the run, signed in, with something of every kind that its owner can make. */
export interface Business {
  readonly name: "ours" | "theirs";
  readonly id: string;
  readonly world: World;
  readonly canaries: Canaries;
  readonly token: string;
  /** Sign in again; false when that is not possible any more. */
  renew(): Promise<boolean>;
  /** The API took a request of the owner with this password: it may be the owner's new one. */
  mayHavePassword(password: string): void;
}

export interface FoundOptions {
  readonly name: Business["name"];
  readonly operations: readonly Operation[];
  readonly sender: Sender;
}

const TRIES = 5;
const ROUNDS = 2;
const FEWEST_CANARIES = 3;
/** What owners do to their own account keeps no text that is read again, and can end the session that plants. */
const OWN_ACCOUNT = /^\/v1\/(auth|me)\//;

/** Register a business and plant its canaries in every text that the documentation lets it store. */
export async function foundBusiness({ name, operations, sender }: FoundOptions): Promise<Business> {
  const canaries = createCanaries(randomBytes(5).toString("hex"));
  const world = createWorld(operations);
  const email = canaries.next("owner@firms.example");
  const password = randomBytes(15).toString("base64url");
  const owner = { businessName: canaries.next("Ledger"), timeZone: "Europe/London", name: canaries.next("Dana Lane") };
  const post = (path: string, body: object) => call(sender, { method: "POST", path, body });
  requireDone("register", await post("/v1/auth/register", { ...owner, email, password }));

  let token = "";
  const passwords = [password];
  async function renew(): Promise<boolean> {
    for (const candidate of passwords) {
      const answer = await post("/v1/auth/login", { email, password: candidate });
      if (answer?.status !== 200) continue;
      token = (JSON.parse(answer.text) as { accessToken: string }).accessToken;
      passwords.splice(0, Infinity, candidate);
      return true;
    }
    return false;
  }
  if (!(await renew())) throw new Error("The business that was just registered cannot sign in");
  const me = await call(sender, { method: "GET", path: "/v1/me", token });
  const business: Business = {
    name,
    id: (JSON.parse(me?.text ?? "{}") as { businessId: string }).businessId,
    world,
    canaries,
    get token() {
      return token;
    },
    renew,
    mayHavePassword: (candidate) => void passwords.unshift(candidate),
  };
  world.teach({ email, password, currentPassword: password });
  await plantEverywhere(business, operations, sender);
  return business;
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly token?: string;
}

function call(sender: Sender, { method, path, body, token }: Call): Promise<Received | undefined> {
  return sender.send({
    method,
    path,
    headers: {
      ...(body !== undefined && { "content-type": "application/json" }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { body: Buffer.from(JSON.stringify(body)) }),
  });
}

function requireDone(what: string, answer: Received | undefined): void {
  if (!answer || answer.status >= 300) throw new Error(`${what} was answered with ${answer?.status}: ${answer?.text}`);
}

/** Call whatever makes or changes something with its example, then read all lists. Throws when canaries were not kept. */
async function plantEverywhere(business: Business, operations: readonly Operation[], sender: Sender): Promise<void> {
  const makers = operations
    .filter(({ needsToken, method, bodies }) => needsToken && method !== "GET" && bodies[0]?.example !== undefined)
    .filter(({ path }) => !OWN_ACCOUNT.test(path))
    .toSorted((left, right) => left.path.split("/").length - right.path.split("/").length);
  for (let round = 0; round < ROUNDS; round += 1)
    for (const operation of makers) await plant(business, operation, sender);

  const kept = new Set<string>();
  for (const operation of operations.filter(({ needsToken, method }) => needsToken && method === "GET")) {
    const answer = await callFilled(business, operation, sender);
    for (const canary of business.canaries.planted) if (answer?.text.includes(canary)) kept.add(canary);
  }
  if (kept.size < FEWEST_CANARIES) throw new Error(`Only ${kept.size} canaries were kept: a leak would not be seen`);
}

/** Send an example with a canary in each of its texts; where one is refused, the text stays as it was. */
async function plant(business: Business, operation: Operation, sender: Sender): Promise<void> {
  const [kind] = operation.bodies;
  const pick = business.canaries.planted.length;
  const example = fill(withLearnedIds(kind?.example, { schema: kind?.schema, name: "", pick }), business.world);
  const places = textPlaces(kind?.schema, example);
  let body = places.reduce<unknown>(
    (planted, { field, example: text }) => withText(planted, field, business.canaries.next(text ?? "")),
    example,
  );
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const answer = await callFilled(business, operation, sender, body);
    if (answer?.status !== 422) return;
    const { errors = [] } = JSON.parse(answer.text) as { errors?: { field: string }[] };
    const refused = places.filter(({ field }) => errors.some((error) => concerns(error.field, field)));
    body =
      refused.length === 0
        ? example
        : refused.reduce((planted, { field, example: text }) => withText(planted, field, text), body);
  }
}

const concerns = (told: string, field: string) =>
  told !== "" && (told === field || told.startsWith(`${field}.`) || field.startsWith(`${told}.`));

/** Call an operation with ids that are known, and learn from its answer. */
async function callFilled(
  { world, token }: Pick<Business, "world" | "token">,
  operation: Operation,
  ...[sender, body]: [Sender, unknown?]
): Promise<Received | undefined> {
  const params = paramsOf(operation, world, 0);
  const path = pathOf({ operation, params, query: [] });
  const answer = await call(sender, { method: operation.method, path, body, token });
  if (answer && answer.status < 300 && answer.text.startsWith("{")) {
    world.learn(operation, params, JSON.parse(answer.text));
  }
  return answer;
}
