import { randomBytes } from "node:crypto";
import type { Role } from "@reminder-app/db/schema/members";
import { aContact, liveSystem } from "@reminder-app/testing/given-business";
import { type GivenMail, readAccountMail } from "@reminder-app/testing/given-mailbox";
import { testSettings } from "@reminder-app/testing/test-settings";
import { type LogOptions, createLogger } from "@reminder-app/platform/log";
import type { Settings } from "@reminder-app/platform/settings";
import { type Answer, type CallOptions, send } from "./given-call.ts";
import { requireDocumented } from "./given-documented.ts";
import type { Endpoint } from "./http/endpoint.ts";
import { endpoints } from "./routes/all.ts";
import { type RunningApi, startApi } from "./server.ts";

export interface GivenApi extends RunningApi {
  readonly settings: Settings;
  readonly url: string;
  /** Rejects when an answer is not as the documentation says. */
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  /** A firm of its own, with its owner signed in. */
  firm(): Promise<GivenFirm>;
  /** What waits to be mailed to an address about its account, the oldest first. Each mail is read once. */
  mails(address: string): Promise<GivenMail[]>;
  /** The newest of them; rejects when there is none. */
  mailTo(address: string): Promise<GivenMail>;
}

/** Somebody who is signed in to a firm. */
export interface GivenCaller {
  readonly id: string;
  readonly email: string;
  readonly token: string;
  readonly refreshToken: string;
  get(path: string): Promise<Answer>;
  post(path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  put(path: string, body: unknown): Promise<Answer>;
  patch(path: string, body: unknown): Promise<Answer>;
  delete(path: string): Promise<Answer>;
}

export interface GivenFirm extends GivenCaller {
  /** Ids of what is made through the API. */
  client(input?: object): Promise<string>;
  reminder(input?: object): Promise<string>;
  /** Somebody else of the firm: invited, joined and signed in. Staff may be limited to the clients that are given to them. */
  member(role: Role, options?: { readonly limited?: boolean }): Promise<GivenCaller>;
  /** Show that the owner's address is theirs. */
  verify(): Promise<void>;
}

/** Every provider is configured, none is called: the API only stores and asks. */
const providers = {
  SMTP_URL: "smtp://127.0.0.1:1",
  MAIL_FROM: "reminders@sandbox.example",
  TWILIO_ACCOUNT_SID: `AC${"0".repeat(32)}`,
  TWILIO_AUTH_TOKEN: "twilio-auth-token-of-tests",
  TWILIO_FROM: "+15005550006",
  WHATSAPP_TOKEN: "token",
  WHATSAPP_PHONE_NUMBER_ID: "100000000000001",
  WHATSAPP_APP_SECRET: "whatsapp-app-secret-of-tests",
  WHATSAPP_VERIFY_TOKEN: "verify-token-of-tests",
  STRIPE_SECRET_KEY: "sk_test_platform",
  STRIPE_WEBHOOK_SECRET: "stripe-webhook-secret-of-tests",
  STRIPE_BASE_URL: "http://127.0.0.1:1",
};

/** The body of a reminder that is active, due in an hour, by email. */
export function aReminder(input: object = {}) {
  const at = new Date(Date.now() + 3_600_000).toISOString().slice(0, 19);
  return {
    name: "VAT return",
    type: "deadline",
    schedule: { kind: "once", at, zone: "UTC" },
    channels: ["email"],
    subject: "VAT return of {{ client.name }}",
    body: "Dear {{ contact.first_name }}, please send us your VAT figures.",
    activate: true,
    ...input,
  };
}

export const password = "correct horse battery";

/** An API of a test's own, on a free port, with queues of its own. */
export async function givenApi(
  changes: Readonly<Record<string, string>> = {},
  destination?: LogOptions["destination"],
  routes: readonly Endpoint[] = endpoints,
): Promise<GivenApi> {
  const prefix = `test-${randomBytes(4).toString("hex")}`;
  const settings = {
    ...testSettings({ ...providers, QUEUE_PREFIX: prefix, ...changes }),
    PORT: Number(changes["PORT"] ?? 0),
  };
  const level = destination ? "info" : "silent";
  const log = createLogger({ app: "test", level, ...(destination && { destination }) });
  const api = await startApi(settings, log, routes);
  const url = `http://127.0.0.1:${api.port}`;
  const call = async (method: string, path: string, options: CallOptions = {}) => {
    const answer = await send(`${url}${path}`, method, options);
    requireDocumented(method, path, answer);
    return answer;
  };
  return { ...api, settings, url, call, mails, mailTo, firm: () => givenFirm(call) };
}

const mails = (address: string) => readAccountMail(liveSystem, address);

async function mailTo(address: string): Promise<GivenMail> {
  const newest = (await mails(address)).at(-1);
  if (!newest) throw new Error(`No mail waits for ${address}`);
  return newest;
}

async function givenFirm(call: GivenApi["call"]): Promise<GivenFirm> {
  const email = anAddress("owner");
  const owner = { businessName: "Ledger & Sons", timeZone: "Europe/London", name: "Dana Lane", email, password };
  await call("POST", "/v1/auth/register", { body: owner });
  const firm = await signIn(call, email);
  let verified: Promise<void> | undefined;
  const verify = () => (verified ??= verifyAddress(call, email));

  return {
    ...firm,
    verify,
    client: async (input = {}) =>
      made(await firm.post("/v1/clients", { name: "Hill Ltd", contacts: [aContact()], ...input })),
    reminder: async (input = {}) => made(await firm.post("/v1/reminders", aReminder(input))),
    async member(role, { limited = false } = {}) {
      await verify();
      const address = anAddress(role);
      made(await firm.post("/v1/invitations", { email: address, role, limitedToClients: limited }));
      const { token } = await mailTo(address);
      await call("POST", "/v1/auth/accept-invitation", { body: { token, name: "Sam Reed", password } });
      return signIn(call, address);
    },
  };
}

/** An address that no other test has. */
export function anAddress(name: string): string {
  return `${name}-${randomBytes(6).toString("hex")}@firms.example`;
}

async function verifyAddress(call: GivenApi["call"], email: string): Promise<void> {
  const { token } = await mailTo(email);
  await call("POST", "/v1/auth/verify-email", { body: { token } });
}

async function signIn(call: GivenApi["call"], email: string): Promise<GivenCaller> {
  const login = await call("POST", "/v1/auth/login", { body: { email, password } });
  const { accessToken: token, refreshToken } = login.body as { accessToken: string; refreshToken: string };
  const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as { sub: string };
  return {
    id: claims.sub,
    email,
    token,
    refreshToken,
    get: (path) => call("GET", path, { token }),
    post: (path, body, headers = {}) => call("POST", path, { token, body, headers }),
    put: (path, body) => call("PUT", path, { token, body }),
    patch: (path, body) => call("PATCH", path, { token, body }),
    delete: (path) => call("DELETE", path, { token }),
  };
}

function made({ status, body, text }: Answer): string {
  if (status !== 201) throw new Error(`Could not be made: ${status} ${text}`);
  return (body as { id: string }).id;
}
