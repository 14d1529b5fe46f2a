import { setTimeout as sleep } from "node:timers/promises";
import { totpCode } from "@reminder-app/platform/totp";
import type { Caller } from "./exchanges.ts";
import type { OwnStack } from "../stack/own-stack.ts";
import type { Secrets } from "./secrets-of-life.ts";

/** What the steps of a life have in common. */
export interface Life {
  readonly stack: OwnStack;
  readonly api: Caller;
  readonly secrets: Secrets;
}

export interface Owner {
  readonly email: string;
  readonly password: string;
  readonly token: string;
}

interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

const SETTLE_MS = 40_000;
const channels = ["email", "sms", "whatsapp"] as const;

/** Register, verify the address, sign in rightly and wrongly, use a refresh token twice, and get links by mail. */
export async function signUp(life: Life): Promise<Owner> {
  const { api, secrets } = life;
  const email = secrets.email("owner address");
  const password = secrets.text("password");
  const owner = { businessName: secrets.text("business name"), timeZone: "Etc/UTC", name: secrets.text("owner name") };
  await api.done("POST", "/v1/auth/register", { body: { ...owner, email, password } });
  const [token] = await mailedTokens(life, email);
  await api.done("POST", "/v1/auth/verify-email", { body: { token } });

  await renewTwice(life, await signIn(life, { email, password }));
  await api.ask("POST", "/v1/auth/login", { body: { email, password: secrets.text("wrong password") } });
  await api.ask("POST", "/v1/auth/login", { body: { email: secrets.email("unknown address"), password } });
  const { accessToken } = await signIn(life, { email, password });

  await api.done("POST", "/v1/auth/forgot-password", { body: { email } });
  await mailedTokens(life, email, 2);
  const guest = secrets.email("invited address");
  await api.done("POST", "/v1/invitations", { token: accessToken, body: { email: guest, role: "staff" } });
  await mailedTokens(life, guest);
  return { email, password, token: accessToken };
}

async function signIn({ api, secrets }: Life, body: { email: string; password: string }): Promise<Tokens> {
  const tokens = await api.done<Tokens>("POST", "/v1/auth/login", { body });
  secrets.keep("access token", tokens.accessToken);
  secrets.keep("refresh token", tokens.refreshToken);
  return tokens;
}

/** The second time is reuse, where it comes from another program. */
async function renewTwice({ api, secrets }: Life, { refreshToken }: Tokens): Promise<void> {
  const body = { grant_type: "refresh_token", refresh_token: refreshToken };
  const { access_token: access, refresh_token: refresh } = await api.done<Record<string, string>>(
    "POST",
    "/v1/auth/token",
    { body },
  );
  secrets.keep("access token", access ?? "");
  secrets.keep("refresh token", refresh ?? "");
  await api.ask("POST", "/v1/auth/token", { body, headers: { "user-agent": "another program" } });
}

/** Wait for `count` links that are mailed to an address: they let in whoever has them. */
async function mailedTokens({ secrets, stack }: Life, address: string, count = 1): Promise<string[]> {
  for (const deadline = Date.now() + SETTLE_MS; Date.now() < deadline; await sleep(200)) {
    const answer = await fetch(`${stack.sandboxUrl}/sandbox/ledger?limit=1000`);
    const { entries } = (await answer.json()) as { entries: { to: string; text?: string }[] };
    const mails = entries.filter(({ to }) => to === address);
    const tokens = mails.flatMap(({ text = "" }) => text.match(/[\w-]{43,}/g) ?? []);
    if (tokens.length < count) continue;
    for (const token of tokens) secrets.keep("mailed token", token);
    return tokens;
  }
  throw new Error(`Fewer than ${count} links came to ${address}`);
}

/** An API key that works, and credentials in all the places where they do not belong. */
export async function misplaceSecrets({ api, secrets }: Life, { token }: Owner): Promise<void> {
  const body = { name: secrets.text("name of a key"), role: "admin", scopes: ["clients:read"], kind: "live" };
  const made = await api.ask("POST", "/v1/api-keys", { token, body });
  const key = /rk_(?:live|test)_[\w-]+/.exec(made.text)?.[0];
  if (key !== undefined) secrets.keep("api key", key);
  await api.ask("GET", "/v1/clients", { token: key ?? "none" });
  await api.ask("GET", `/v1/clients?search=${secrets.text("query")}&token=${secrets.text("token in a query")}`, {
    token,
  });
  await api.ask("GET", `/nowhere?access_token=${secrets.text("token in a lost query")}`);
  await api.ask("GET", `/ops/queues?password=${secrets.text("password in a query")}`);
  await api.ask("GET", "/v1/me", { token: secrets.text("bearer that is none") });
  await api.ask("GET", "/v1/me", { token: `${token.slice(0, -3)}${secrets.text("forged token")}` });
  const basic = Buffer.from(`user:${secrets.text("basic password")}`).toString("base64");
  await api.ask("GET", "/v1/me", { headers: { authorization: `Basic ${basic}` } });
  await api.ask("GET", "/metrics", { headers: { authorization: `Basic ${basic}` } });
  await api.ask("GET", "/v1/me", { token, headers: { "x-request-id": secrets.text("request id") } });
  await api.ask("GET", "/v1/me", { token, headers: { cookie: `session=${secrets.text("cookie")}` } });
  await api.ask("POST", "/v1/auth/login", {
    body: `{"email":"a@b.example","password":"${secrets.text("broken json")}"`,
  });
  await api.ask("POST", "/v1/auth/login", { body: `{"password":{"a":"${secrets.text("wrong type")}"}}` });
  await api.ask("POST", "/v1/clients", {
    token,
    body: { name: secrets.text("unknown field"), password: secrets.text("extra password") },
  });
  const text = { "content-type": "text/plain" };
  await api.ask("POST", "/v1/clients", { token, body: secrets.text("wrong content type"), headers: text });
  await api.ask("POST", "/v1/clients", {
    token,
    body: `{"name":"${secrets.text("too large")}${"x".repeat(200_000)}"}`,
  });
}

/** Callbacks that nobody sent. */
export async function forgeCallbacks({ api, secrets }: Life): Promise<void> {
  const form = {
    "content-type": "application/x-www-form-urlencoded",
    "x-twilio-signature": secrets.text("twilio signature"),
  };
  const status = "/webhooks/twilio/status/0190f3a4-7b1c-7d2e-8f90-123456789abc";
  await api.ask("POST", status, { body: `MessageStatus=failed&To=${secrets.text("forged callback")}`, headers: form });
  const signed = { "x-hub-signature-256": `sha256=${secrets.text("whatsapp signature")}` };
  await api.ask("POST", "/webhooks/whatsapp", { body: { text: secrets.text("forged webhook") }, headers: signed });
  const asked = `hub.mode=subscribe&hub.challenge=1&hub.verify_token=${secrets.text("guessed verify token")}`;
  await api.ask("GET", `/webhooks/whatsapp?${asked}`);
}

/** Sign in to Bull Board, wrongly and rightly. Answers with the cookie that opens it. */
export async function enterBoard({ api, secrets, stack }: Life): Promise<string> {
  const { OPS_PASSWORD = "", OPS_TOTP_SECRET = "" } = stack.secrets;
  const signIn = (password: string) =>
    api.ask("POST", "/ops/sign-in", {
      body: new URLSearchParams({ password, code: totpCode(OPS_TOTP_SECRET, new Date()) }).toString(),
      headers: { "content-type": "application/x-www-form-urlencoded" },
    });
  await signIn(secrets.text("wrong ops password"));
  const { status, cookie } = await signIn(OPS_PASSWORD);
  if (status !== 303) throw new Error(`The board's sign-in answered ${status}`);
  secrets.keep("board session", cookie.slice(cookie.indexOf("=") + 1));
  return cookie;
}

/** How the sandbox treats the messages of one client. */
const fates = [
  ["email", { then: "accept" }],
  ["email", { then: "refuse" }],
  ["email", { outcomes: ["refuse_for_now"], then: "accept" }],
  ["email", { outcomes: ["throttle", "server_error"], then: "accept" }],
  ["sms", { then: "accept" }],
  ["sms", { then: "refuse" }],
  ["sms", { outcomes: ["server_error"], then: "accept" }],
  ["sms", { outcomes: ["accept_then_drop"], then: "accept" }],
  ["sms", { then: "accept", final: "undelivered" }],
  ["whatsapp", { then: "accept" }],
  ["whatsapp", { then: "refuse" }],
  ["whatsapp", { outcomes: ["throttle"], then: "accept", final: "undelivered" }],
] as const;

/** Clients with all their data, a reminder for them, and messages that the providers take, refuse and lose. */
export async function remind({ api, secrets, stack }: Life, { token }: Owner): Promise<string> {
  const clientIds: string[] = [];
  for (const [channel, fate] of fates) {
    const address = channel === "email" ? secrets.email("client address") : secrets.phone("client phone");
    const answer = await fetch(`${stack.sandboxUrl}/sandbox/scripts/${channel}/${encodeURIComponent(address)}`, {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(fate),
    });
    if (!answer.ok) throw new Error(await answer.text());
    clientIds.push(await createClient({ api, secrets }, token, { [channel]: address }));
  }
  const address = secrets.text("postal address");
  await api.done("PATCH", "/v1/business", { token, body: { postalAddress: `1 High Street\n${address}` } });
  const { id } = await api.done<{ id: string }>("POST", "/v1/reminders", {
    token,
    headers: { "idempotency-key": secrets.text("idempotency key") },
    body: {
      ...reminderWith(secrets),
      assignments: clientIds.map((clientId) => ({ clientId, period: secrets.text("period").slice(0, 40) })),
    },
  });
  const sent = { token, body: { evenIfRecent: true }, headers: { "idempotency-key": "send-them-all-once" } };
  await api.done("POST", `/v1/reminders/${id}/send`, sent);
  await api.done("POST", `/v1/reminders/${id}/send`, sent);
  return id;
}

async function createClient(
  { api, secrets }: Pick<Life, "api" | "secrets">,
  token: string,
  addresses: object,
): Promise<string> {
  const contact = { name: secrets.text("contact name"), addresses };
  const body = { name: secrets.text("client name"), externalId: secrets.text("external id"), contacts: [contact] };
  const headers = { "idempotency-key": secrets.text("idempotency key") };
  const { id } = await api.done<{ id: string }>("POST", "/v1/clients", { token, body, headers });
  await api.ask("POST", "/v1/clients", { token, body, headers });
  await api.ask("POST", "/v1/clients", { token, body: { ...body, name: secrets.text("mismatched body") }, headers });
  await api.ask("POST", "/v1/clients", { token, body }); // the external id is taken
  return id;
}

/** A reminder of several lines, far enough ahead that only what is sent by hand goes. */
function reminderWith(secrets: Secrets) {
  const year = new Date().getUTCFullYear() + 1;
  return {
    name: secrets.text("reminder name"),
    type: "deadline",
    schedule: { kind: "once", at: `${year}-06-01T09:00:00`, zone: "Etc/UTC" },
    channels,
    subject: `${secrets.text("subject")} for you`,
    body: `Dear {{ contact.name }},\n\n${secrets.text("first line")}\n\nparams: ${secrets.text("second line")}\n`,
    activate: true,
  };
}

/** Wait until nothing of a reminder is on its way any more. Answers how many messages ended in which state. */
export async function untilSettled(
  { api }: Pick<Life, "api">,
  { token }: Owner,
  reminderId: string,
): Promise<Record<string, number>> {
  for (const deadline = Date.now() + SETTLE_MS; ; await sleep(250)) {
    const { text } = await api.ask("GET", `/v1/deliveries?reminderId=${reminderId}&limit=100`, { token });
    const { items } = JSON.parse(text) as { items: { state: string }[] };
    const states = Object.fromEntries(
      [...Map.groupBy(items, ({ state }) => state)].map(([state, rows]) => [state, rows.length]),
    );
    if (!["queued", "sending", "retry", "unknown"].some((state) => state in states)) return states;
    if (Date.now() > deadline) throw new Error(`Not settled: ${JSON.stringify(states)}`);
  }
}

const FAILING_MS = 3_000;

/** Make the database refuse what is written: first in the API, then in the worker's claims, then in its sweep. */
export async function breakDatabase(
  { api, secrets, stack }: Life,
  { token }: Owner,
  reminderId: string,
): Promise<void> {
  const contacts = [{ name: secrets.text("contact of a failed statement"), addresses: {} }];
  const client = { name: secrets.text("client of a failed statement"), contacts };
  await stack.without("clients", async () => {
    await api.ask("POST", "/v1/clients", { token, body: client });
    await api.ask("GET", `/v1/clients?search=${secrets.text("search of a failed statement")}`, { token });
  });
  await stack.without("attempts", async () => {
    await api.done("POST", `/v1/reminders/${reminderId}/send`, { token, body: { evenIfRecent: true } });
    await sleep(FAILING_MS);
  });
  await stack.without("reminders", async () => {
    await api.ask("POST", "/v1/reminders", { token, body: reminderWith(secrets) });
    await sleep(FAILING_MS);
  });
}
