import { randomBytes } from "node:crypto";
import { aContact } from "@reminder-app/testing/given-business";
import { testSettings } from "@reminder-app/testing/test-settings";
import { type LogOptions, createLogger } from "@reminder-app/platform/log";
import type { Settings } from "@reminder-app/platform/settings";
import { type Answer, type CallOptions, send } from "./given-call.ts";
import { requireDocumented } from "./given-documented.ts";
import { type RunningApi, startApi } from "./server.ts";

export interface GivenApi extends RunningApi {
  readonly settings: Settings;
  readonly url: string;
  /** Rejects when an answer is not as the documentation says. */
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  /** A firm of its own, with its owner signed in. */
  firm(): Promise<GivenFirm>;
}

export interface GivenFirm {
  readonly email: string;
  readonly token: string;
  readonly refreshToken: string;
  get(path: string): Promise<Answer>;
  post(path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  patch(path: string, body: unknown): Promise<Answer>;
  delete(path: string): Promise<Answer>;
  /** Ids of what is made through the API. */
  client(input?: object): Promise<string>;
  reminder(input?: object): Promise<string>;
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
): Promise<GivenApi> {
  const prefix = `test-${randomBytes(4).toString("hex")}`;
  const settings = {
    ...testSettings({ ...providers, QUEUE_PREFIX: prefix, ...changes }),
    PORT: Number(changes["PORT"] ?? 0),
  };
  const level = destination ? "info" : "silent";
  const api = await startApi(settings, createLogger({ app: "test", level, ...(destination && { destination }) }));
  const url = `http://127.0.0.1:${api.port}`;
  const call = async (method: string, path: string, options: CallOptions = {}) => {
    const answer = await send(`${url}${path}`, method, options);
    requireDocumented(method, path, answer);
    return answer;
  };
  return { ...api, settings, url, call, firm: () => givenFirm(call) };
}

async function givenFirm(call: GivenApi["call"]): Promise<GivenFirm> {
  const email = `owner-${randomBytes(6).toString("hex")}@firms.example`;
  const owner = { businessName: "Ledger & Sons", timeZone: "Europe/London", name: "Dana Lane", email, password };
  await call("POST", "/v1/auth/register", { body: owner });
  const login = await call("POST", "/v1/auth/login", { body: { email, password } });
  const { accessToken: token, refreshToken } = login.body as { accessToken: string; refreshToken: string };

  const firm = {
    email,
    token,
    refreshToken,
    get: (path: string) => call("GET", path, { token }),
    post: (path: string, sent?: unknown, headers = {}) => call("POST", path, { token, body: sent, headers }),
    patch: (path: string, sent: unknown) => call("PATCH", path, { token, body: sent }),
    delete: (path: string) => call("DELETE", path, { token }),
  };
  return {
    ...firm,
    client: async (input = {}) =>
      made(await firm.post("/v1/clients", { name: "Hill Ltd", contacts: [aContact()], ...input })),
    reminder: async (input = {}) => made(await firm.post("/v1/reminders", aReminder(input))),
  };
}

function made({ status, body, text }: Answer): string {
  if (status !== 201) throw new Error(`Could not be made: ${status} ${text}`);
  return (body as { id: string }).id;
}
