import type { Server } from "node:http";
import type { Logger } from "@reminder-app/platform/log";
import { createClamd } from "./clamd.ts";
import { createCallbackClient } from "./callback-client.ts";
import { controlRoutes } from "./control-routes.ts";
import { createFaultDice } from "./faults.ts";
import { hookRoutes } from "./hooks.ts";
import { createHttpServer, listenOn } from "./http-server.ts";
import { inboxRoutes } from "./inbox-routes.ts";
import { createLedger } from "./ledger.ts";
import { createLiveFeed } from "./live-feed.ts";
import { createScripts } from "./scripts.ts";
import { createSmtpServer } from "./smtp.ts";
import { createTimers } from "./timers.ts";
import { type StripePlatform, stripeRoutes } from "./stripe/routes.ts";
import { type TwilioAccount, twilioRoutes } from "./twilio.ts";
import { whatsappRoutes } from "./whatsapp.ts";
import type { WhatsappNumber } from "./whatsapp-number.ts";

export interface SandboxOptions {
  /** Both servers listen here; loopback when left out. */
  readonly host?: string;
  /** Of the providers' HTTP APIs, the control API and the inbox; 0 takes a free one. */
  readonly port: number;
  readonly smtpPort: number;
  /** Of the virus scanner; there is none when left out. */
  readonly clamdPort?: number | undefined;
  /** What was accepted survives a restart when it is kept in a file. */
  readonly ledgerFile?: string | undefined;
  readonly twilio: TwilioAccount;
  readonly whatsapp: WhatsappNumber;
  readonly stripe: StripePlatform;
  /** Where browsers reach it, when that is not where the product does. */
  readonly publicUrl?: string | undefined;
  readonly log: Logger;
}

export interface Sandbox {
  readonly url: string;
  readonly smtpUrl: string;
  readonly clamdUrl?: string;
  /** Ends all connections and timers; the ledger's file stays. */
  close(): Promise<void>;
}

/** Start the local stand-ins for all providers. Rejects when a port is taken. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { host = "127.0.0.1", log } = options;
  const ledger = createLedger(options.ledgerFile);
  const timers = createTimers();
  const callbacks = createCallbackClient(log);
  const dice = createFaultDice();
  const scripts = createScripts(dice);
  const feed = createLiveFeed({ ledger, timers });
  const provider = { ledger, scripts, timers, callbacks };

  const http = createHttpServer(
    [
      ...twilioRoutes({ ...provider, account: options.twilio }),
      ...whatsappRoutes({ ...provider, number: options.whatsapp }),
      ...stripeRoutes({ platform: options.stripe, publicUrl: options.publicUrl, callbacks, timers }),
      ...controlRoutes({ ledger, scripts, dice, callbacks, account: options.twilio, number: options.whatsapp }),
      ...inboxRoutes({ ledger, feed }),
      ...hookRoutes(),
    ],
    log,
  );
  const smtp = createSmtpServer({ ledger, scripts, timers });
  const clamd = createClamd();

  async function close(): Promise<void> {
    timers.clear();
    feed.close();
    await Promise.all([closeHttp(http), new Promise<void>((resolve) => smtp.close(resolve)), callbacks.close()]);
    clamd.close();
    ledger.close();
  }

  try {
    const port = await listenOn(http, { host, port: options.port });
    const smtpPort = await listenOn(smtp.server, { host, port: options.smtpPort });
    const clamdPort =
      options.clamdPort === undefined ? undefined : await listenOn(clamd, { host, port: options.clamdPort });
    const shown = host === "0.0.0.0" ? "localhost" : host;
    return {
      url: `http://${shown}:${port}`,
      smtpUrl: `smtp://${shown}:${smtpPort}`,
      ...(clamdPort !== undefined && { clamdUrl: `tcp://${shown}:${clamdPort}` }),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function closeHttp(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
