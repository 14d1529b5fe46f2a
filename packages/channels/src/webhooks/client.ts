import { isIP } from "node:net";
import { Agent, buildConnector, request } from "undici";
import { type Resolve, lookupWhere, notAllowed } from "../checked-lookup.ts";
import { retryAfter } from "../retry-after.ts";
import { createResolve } from "./resolve.ts";
import { type TargetRules, hostOf, isAllowedTarget } from "./target.ts";

const CONNECT_TIMEOUT_MS = 3_000;
const TIMEOUT_MS = 5_000;
const CONNECTIONS = 10;
/** Nothing in an answer is of use beside its status; this much is read so that the connection can be kept. */
const MOST_ANSWER_BYTES = 64 * 1024;

export interface WebhookPost {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What came of a post: the status that came back, or why none did. */
export type WebhookAnswer =
  | { readonly status: number; readonly retryAt: Date | undefined }
  | { readonly problem: "timeout" | "not_allowed" | "unreachable" };

export interface WebhookClient {
  /** Resolves for whatever happens. A redirect is an answer like any other: it is not followed. */
  post(post: WebhookPost): Promise<WebhookAnswer>;
  close(): Promise<void>;
}

export interface WebhookClientOptions extends TargetRules {
  /** From the start of the look-up to the status of the answer; 5 s when left out. */
  readonly timeoutMs?: number;
  /** Finds the addresses of names; by the machine's name servers when left out. */
  readonly resolve?: Resolve;
}

/** Posts to servers that businesses named: only where that is allowed, and never for long. */
export function createWebhookClient({ timeoutMs = TIMEOUT_MS, ...options }: WebhookClientOptions): WebhookClient {
  const agent = new Agent({ connect: connectorFor(options), connections: CONNECTIONS, allowH2: false });
  return {
    async post({ url, headers, body }) {
      const signal = AbortSignal.timeout(timeoutMs);
      try {
        const answer = await request(url, { dispatcher: agent, method: "POST", headers, body, signal });
        await answer.body.dump({ limit: MOST_ANSWER_BYTES }).catch(() => undefined);
        return { status: answer.statusCode, retryAt: retryAfter(answer.headers) };
      } catch (error) {
        return { problem: problemOf(error) };
      }
    },
    close: () => agent.destroy(),
  };
}

function connectorFor({
  resolve = createResolve(),
  ...rules
}: Omit<WebhookClientOptions, "timeoutMs">): buildConnector.connector {
  const connectors = new Map(
    ["https:", "http:"].map((protocol) => {
      const lookup = lookupWhere((address) => isAllowedTarget(protocol, address, rules), resolve);
      return [protocol, buildConnector({ timeout: CONNECT_TIMEOUT_MS, allowH2: false, lookup })] as const;
    }),
  );
  return (target, done) => {
    const host = hostOf(target.hostname);
    const connect = connectors.get(target.protocol);
    // A literal address is not looked up.
    const isRefused = isIP(host) !== 0 && !isAllowedTarget(target.protocol, host, rules);
    if (!connect || isRefused) return done(notAllowed(host), null);
    return connect(target, done);
  };
}

function problemOf(error: unknown): "timeout" | "not_allowed" | "unreachable" {
  const { name, code } = error as { readonly name?: string; readonly code?: string };
  if (code === "ENOTPUBLIC") return "not_allowed";
  return name === "TimeoutError" || code === "UND_ERR_CONNECT_TIMEOUT" ? "timeout" : "unreachable";
}
