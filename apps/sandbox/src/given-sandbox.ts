import { once } from "node:events";
import { createServer } from "node:http";
import type { ChannelKind } from "@reminder-app/platform/channel-kinds";
import { createLogger } from "@reminder-app/platform/log";
import type { z } from "zod";
import { listenOn } from "./http-server.ts";
import type { LedgerEntry } from "./ledger-entry.ts";
import type { MessageContent } from "./mail-content.ts";
import type { scriptSchema } from "./outcomes.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "./sandbox.ts";

export const account = { accountSid: `AC${"a".repeat(32)}`, authToken: "token-of-tests" };
export const number = { phoneNumberId: "106540352242922", appSecret: "secret-of-tests" };

export const platform = { secretKey: "sk_test_platform", webhookSecret: "whsec_of_tests" };

export type ShownEntry = Omit<LedgerEntry, "raw"> & MessageContent;

interface TestSandbox extends Sandbox {
  script(channel: ChannelKind, address: string, script: z.input<typeof scriptSchema>): Promise<void>;
  ledger(): Promise<readonly ShownEntry[]>;
  call(method: string, path: string, body?: unknown): Promise<Response>;
}

/** For tests of the sandbox: one of their own, on free ports. */
export async function givenSandbox(options: Partial<SandboxOptions> = {}): Promise<TestSandbox> {
  const log = createLogger({ app: "sandbox", level: "silent" });
  const sandbox = await startSandbox({
    port: 0,
    smtpPort: 0,
    twilio: account,
    whatsapp: number,
    stripe: platform,
    log,
    ...options,
  });

  const call = (method: string, path: string, body?: unknown) =>
    fetch(sandbox.url + path, { method, ...(body !== undefined && { body: JSON.stringify(body) }) });

  return {
    ...sandbox,
    call,
    async script(channel, address, script) {
      const answer = await call("PUT", `/sandbox/scripts/${channel}/${encodeURIComponent(address)}`, script);
      if (answer.status !== 204) throw new Error(await answer.text());
    },
    async ledger() {
      const answer = await call("GET", "/sandbox/ledger");
      return ((await answer.json()) as { entries: ShownEntry[] }).entries;
    },
  };
}

export interface Callback {
  readonly path: string;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

/** Where callbacks go: answers with `statuses` in turn, then 200. */
export async function givenCallbackReceiver(statuses: readonly number[] = []) {
  const received: Callback[] = [];
  const server = createServer((req, res) => {
    void req.toArray().then((chunks) => {
      received.push({ path: req.url ?? "", headers: req.headers, body: Buffer.concat(chunks as Buffer[]).toString() });
      res.writeHead(statuses[received.length - 1] ?? 200).end();
      server.emit("received");
    });
  });
  const port = await listenOn(server, { host: "127.0.0.1", port: 0 });
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    /** Resolves once this many have come in all. */
    async waitFor(count: number): Promise<readonly Callback[]> {
      while (received.length < count) await once(server, "received");
      return received.slice(0, count);
    },
    close(): void {
      server.close();
      server.closeAllConnections();
    },
  };
}
