import { randomBytes } from "node:crypto";
import { createLogger } from "@reminder-app/platform/log";
import type { Settings } from "@reminder-app/platform/settings";
import { connectProducer } from "@reminder-app/queues/connection";
import { type Producer, createProducer } from "@reminder-app/queues/producer";
import { type GivenStripe, stripeAt } from "@reminder-app/testing/given-stripe";
import { startApp } from "@reminder-app/testing/start-app";
import { testEnvironment, testSettings } from "@reminder-app/testing/test-settings";
import { type RunningWorker, startWorker } from "./worker.ts";

export interface Message {
  readonly channel: string;
  readonly from: string;
  readonly to: string;
  readonly subject?: string;
  readonly text?: string;
  readonly token?: string;
  readonly html?: string;
  readonly listUnsubscribe?: string;
  readonly listUnsubscribePost?: string;
}

export interface GivenWorkers {
  readonly settings: Settings;
  readonly producer: Producer;
  readonly stripe: Omit<GivenStripe, "close">;
  /** What the providers have accepted for an address. */
  messagesTo(address: string): Promise<Message[]>;
  /** Answer as a client; resolves to how the API took it. */
  reply(channel: string, from: string, text: string): Promise<{ status: number }>;
  script(channel: string, address: string, script: object): Promise<void>;
  /** Programs of businesses that hear of events, by name. */
  readonly hooks: GivenHooks;
  /** Take away everything that these workers have in Redis. */
  emptyRedis(): Promise<void>;
  start(): Promise<RunningWorker>;
  /** A worker that is a process of its own, and can be killed. */
  startProcess(): Promise<{ kill(): void }>;
  close(): Promise<void>;
}

const stripeSecrets = {
  STRIPE_SECRET_KEY: "sk_test_platformOfWorkers",
  STRIPE_WEBHOOK_SECRET: "whsec_platform-of-workers",
};

export const log = createLogger({ app: "test", level: "silent" });

/**
 * Workers with queues of their own, over the sandbox's providers. With `apiPort` the API runs there too, as a process of
 * its own, to which the sandbox reports what clients answer.
 */
export async function givenWorkers(
  changes: Readonly<Record<string, string>> = {},
  { apiPort }: { readonly apiPort?: number } = {},
): Promise<GivenWorkers> {
  const apiUrl = apiPort === undefined ? undefined : `http://127.0.0.1:${apiPort}`;
  const sandbox = await startSandbox(apiUrl);
  const prefix = `test-${randomBytes(4).toString("hex")}`;
  const changed = { ...providers(sandbox), QUEUE_PREFIX: prefix, ...(apiUrl && { PUBLIC_URL: apiUrl }), ...changes };
  const settings = testSettings(changed);
  const api =
    apiPort === undefined ? undefined : await startApp("api", testEnvironment({ ...changed, PORT: `${apiPort}` }));
  const redis = connectProducer(settings.REDIS_URL, () => {});
  const producer = createProducer({ connection: redis, prefix });
  await new Promise((resolve) => redis.once("ready", resolve));
  const workers: RunningWorker[] = [];

  return {
    settings,
    producer,
    stripe: stripeAt(sandbox.url, stripeSecrets),
    ...controlOf(sandbox.url),
    hooks: hooksOf(sandbox.url),
    async emptyRedis() {
      const keys = await redis.keys(`${prefix}:*`);
      if (keys.length > 0) await redis.del(...keys);
    },
    async start() {
      const worker = await startWorker(settings, log);
      workers.push(worker);
      return worker;
    },
    startProcess: () => startApp("worker", testEnvironment(changed)),
    async close() {
      await Promise.all(workers.map((worker) => worker.close()));
      await producer.close();
      redis.disconnect();
      api?.stop();
      sandbox.stop();
    },
  };
}

/** How tests steer the providers, and read what they accepted. */
function controlOf(sandboxUrl: string): Pick<GivenWorkers, "messagesTo" | "reply" | "script"> {
  return {
    async messagesTo(address) {
      const answer = await fetch(`${sandboxUrl}/sandbox/ledger?limit=10000`);
      const { entries } = (await answer.json()) as { entries: Message[] };
      return entries.filter(({ to }) => to === address);
    },
    async reply(channel, from, text) {
      const answer = await fetch(`${sandboxUrl}/sandbox/reply`, {
        method: "POST",
        body: JSON.stringify({ channel, from, text }),
      });
      return (await answer.json()) as { status: number };
    },
    async script(channel, address, script) {
      const url = `${sandboxUrl}/sandbox/scripts/${channel}/${encodeURIComponent(address)}`;
      const answer = await fetch(url, {
        method: "PUT",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(script),
      });
      if (!answer.ok) throw new Error(await answer.text());
    },
  };
}

interface GivenHooks {
  readonly url: string;
  script(name: string, outcomes: readonly string[]): Promise<void>;
  calls(name: string): Promise<{ readonly body: string }[]>;
}

function hooksOf(url: string): GivenHooks {
  return {
    url,
    async script(name, outcomes) {
      await fetch(`${url}/sandbox/hooks/${name}`, { method: "PUT", body: JSON.stringify({ outcomes }) });
    },
    async calls(name) {
      const answer = await fetch(`${url}/sandbox/hooks/${name}`);
      return ((await answer.json()) as { calls: { body: string }[] }).calls;
    },
  };
}

async function startSandbox(apiUrl: string | undefined) {
  const reportBack = apiUrl && {
    SANDBOX_WHATSAPP_CALLBACK_URL: `${apiUrl}/webhooks/whatsapp`,
    SANDBOX_TWILIO_INBOUND_URL: `${apiUrl}/webhooks/twilio/inbound`,
    SANDBOX_STRIPE_WEBHOOK_URL: `${apiUrl}/webhooks/stripe`,
  };
  const env = { SANDBOX_PORT: "0", SANDBOX_SMTP_PORT: "0", LOG_LEVEL: "silent", ...stripeSecrets, ...reportBack };
  const { ready, stop } = await startApp("sandbox", env);
  return { ...(ready as { url: string; smtpUrl: string }), stop };
}

function providers({ url, smtpUrl }: { url: string; smtpUrl: string }): Record<string, string> {
  return {
    SMTP_URL: smtpUrl,
    MAIL_FROM: "reminders@sandbox.example",
    TWILIO_ACCOUNT_SID: `AC${"0".repeat(32)}`,
    TWILIO_AUTH_TOKEN: "sandbox-twilio-auth-token",
    TWILIO_FROM: "+15005550006",
    TWILIO_BASE_URL: url,
    WHATSAPP_TOKEN: "token",
    WHATSAPP_PHONE_NUMBER_ID: "100000000000001",
    WHATSAPP_APP_SECRET: "sandbox-whatsapp-app-secret",
    WHATSAPP_VERIFY_TOKEN: "verify",
    WHATSAPP_BASE_URL: `${url}/v23.0`,
    ...stripeSecrets,
    STRIPE_BASE_URL: url,
  };
}
