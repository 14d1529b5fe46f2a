import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { environment } from "../../bootstrap/environment.mjs";
import type { Services } from "../services/running-services.ts";
import { startApp } from "./child.ts";
import { type KeptApp, keepRunning } from "./keep-running.ts";
import { keptSecrets } from "./secrets.ts";

export interface StackOptions {
  readonly services: Pick<Services, "databaseUrl" | "redisUrl">;
  readonly directory: string;
  readonly ports: StackPorts;
  readonly workers: number;
  readonly log: (line: string) => void;
  /** Settings that differ from the usual ones. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly watch?: boolean;
}

export interface StackPorts {
  readonly api: number;
  readonly sandbox: number;
  readonly smtp: number;
  readonly clamd: number;
}

export interface Stack {
  readonly apiUrl: string;
  readonly sandboxUrl: string;
  readonly ops: { readonly password: string; readonly totpSecret: string };
  readonly api: KeptApp;
  readonly workers: readonly KeptApp[];
  stop(): Promise<void>;
}

/** The sandbox, the API and some workers as processes of their own, wired to each other. */
export async function startStack(options: StackOptions): Promise<Stack> {
  mkdirSync(options.directory, { recursive: true });
  const secrets = keptSecrets(join(options.directory, "secrets.json"));
  const env = stackEnvironment(options, secrets);
  const started: Promise<KeptApp>[] = [];
  const start = (app: string): Promise<KeptApp> => {
    const kept = keepRunning(
      () =>
        startApp<unknown>({
          script: `apps/${app}/src/main.ts`,
          env,
          logFile: join(options.directory, `${app}.log`),
          watch: options.watch === true,
        }),
      () => options.log(`the ${app} died; starting it again`),
    );
    started.push(kept);
    return kept;
  };
  const stop = () => stopAll(started);

  try {
    await start("sandbox");
    const api = await start("api");
    const workers = await Promise.all(Array.from({ length: options.workers }, () => start("worker")));
    return {
      apiUrl: `http://localhost:${options.ports.api}`,
      sandboxUrl: `http://localhost:${options.ports.sandbox}`,
      ops: { password: secrets["OPS_PASSWORD"] ?? "", totpSecret: secrets["OPS_TOTP_SECRET"] ?? "" },
      api,
      workers,
      stop,
    };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
}

/** The sandbox, which was started first, goes last: what the others have in hand may still be sent. */
async function stopAll([sandbox, ...others]: readonly Promise<KeptApp>[]): Promise<void> {
  const stop = async (app: Promise<KeptApp> | undefined) => (await app?.catch(() => undefined))?.stop();
  await Promise.all(others.map(stop));
  await stop(sandbox);
}

function stackEnvironment(
  { services, directory, ports, settings }: StackOptions,
  secrets: Readonly<Record<string, string>>,
) {
  const sandbox = `http://127.0.0.1:${ports.sandbox}`;
  const api = `http://localhost:${ports.api}`;
  return {
    ...environment,
    APP_ENV: "development",
    ...secrets,
    DATABASE_URL: services.databaseUrl,
    REDIS_URL: services.redisUrl,
    PORT: `${ports.api}`,
    PUBLIC_URL: api,
    SANDBOX_PORT: `${ports.sandbox}`,
    SANDBOX_SMTP_PORT: `${ports.smtp}`,
    SANDBOX_CLAMD_PORT: `${ports.clamd}`,
    CLAMD_URL: `tcp://127.0.0.1:${ports.clamd}`,
    FILES_FOLDER: join(directory, "files"),
    SANDBOX_LEDGER: join(directory, "sandbox-ledger.ndjson"),
    SANDBOX_WHATSAPP_CALLBACK_URL: `${api}/webhooks/whatsapp`,
    SANDBOX_TWILIO_INBOUND_URL: `${api}/webhooks/twilio/inbound`,
    SANDBOX_STRIPE_WEBHOOK_URL: `${api}/webhooks/stripe`,
    SANDBOX_STRIPE_FILE: join(directory, "sandbox-stripe.json"),
    SMTP_URL: `smtp://127.0.0.1:${ports.smtp}`,
    MAIL_FROM: "reminders@sandbox.example",
    TWILIO_ACCOUNT_SID: `AC${"0".repeat(32)}`,
    TWILIO_FROM: "+15005550006",
    TWILIO_BASE_URL: sandbox,
    WHATSAPP_PHONE_NUMBER_ID: "100000000000001",
    WHATSAPP_BASE_URL: `${sandbox}/v23.0`,
    STRIPE_BASE_URL: sandbox,
    WEBHOOK_LOOPBACK: "1",
    ...settings,
  };
}
