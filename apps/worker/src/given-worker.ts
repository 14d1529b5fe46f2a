import { fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createLogger } from "@reminder-app/platform/log";
import type { Settings } from "@reminder-app/platform/settings";
import { connectProducer } from "@reminder-app/queues/connection";
import { type Producer, createProducer } from "@reminder-app/queues/producer";
import { testSettings } from "@reminder-app/testing/test-settings";
import { type RunningWorker, startWorker } from "./worker.ts";

export interface Message {
  readonly channel: string;
  readonly to: string;
  readonly subject?: string;
  readonly text?: string;
}

export interface GivenWorkers {
  readonly settings: Settings;
  readonly producer: Producer;
  /** What the providers have accepted for an address. */
  messagesTo(address: string): Promise<Message[]>;
  script(channel: string, address: string, script: object): Promise<void>;
  /** Take away everything that these workers have in Redis. */
  emptyRedis(): Promise<void>;
  start(): Promise<RunningWorker>;
  close(): Promise<void>;
}

export const log = createLogger({ app: "test", level: "silent" });

/** Workers with queues of their own, over the sandbox's providers. */
export async function givenWorkers(changes: Readonly<Record<string, string>> = {}): Promise<GivenWorkers> {
  const sandbox = await startSandbox();
  const prefix = `test-${randomBytes(4).toString("hex")}`;
  const settings = testSettings({ ...providers(sandbox), QUEUE_PREFIX: prefix, ...changes });
  const redis = connectProducer(settings.REDIS_URL, () => {});
  const producer = createProducer({ connection: redis, prefix });
  await new Promise((resolve) => redis.once("ready", resolve));
  const workers: RunningWorker[] = [];

  return {
    settings,
    producer,
    async messagesTo(address) {
      const answer = await fetch(`${sandbox.url}/sandbox/ledger?limit=10000`);
      const { entries } = (await answer.json()) as { entries: Message[] };
      return entries.filter(({ to }) => to === address);
    },
    async script(channel, address, script) {
      const url = `${sandbox.url}/sandbox/scripts/${channel}/${encodeURIComponent(address)}`;
      const answer = await fetch(url, {
        method: "PUT",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(script),
      });
      if (!answer.ok) throw new Error(await answer.text());
    },
    async emptyRedis() {
      const keys = await redis.keys(`${prefix}:*`);
      if (keys.length > 0) await redis.del(...keys);
    },
    async start() {
      const worker = await startWorker(settings, log);
      workers.push(worker);
      return worker;
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.close()));
      await producer.close();
      redis.disconnect();
      sandbox.stop();
    },
  };
}

async function startSandbox(): Promise<{ url: string; smtpUrl: string; stop: () => void }> {
  const script = new URL("../../sandbox/src/main.ts", import.meta.url).pathname;
  const child = fork(script, {
    execArgv: ["--conditions=source"],
    env: { SANDBOX_PORT: "0", SANDBOX_SMTP_PORT: "0", LOG_LEVEL: "silent" },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const ready = await new Promise<{ url: string; smtpUrl: string }>((resolve) =>
    child.once("message", (message) => resolve(message as never)),
  );
  return { ...ready, stop: () => void child.kill("SIGTERM") };
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
  };
}
