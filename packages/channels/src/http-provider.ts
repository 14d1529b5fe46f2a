import type { IncomingHttpHeaders } from "node:http";
import { type Dispatcher, Pool } from "undici";

const CONNECT_TIMEOUT_MS = 3_000;
const CONNECTIONS = 64;
const MAX_REPLY_BYTES = 4 * 1024 * 1024;

interface HttpRequest {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface HttpReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface HttpProvider {
  /** Resolves for every complete answer, whatever its status. Rejects with `CallFailure` when there was none. */
  call(request: HttpRequest, signal: AbortSignal): Promise<HttpReply>;
  close(): Promise<void>;
}

/** A call that got no complete answer. */
class CallFailure extends Error {
  override name = "CallFailure";
  /** Whether the request was given to a connection, so that the provider may have seen it. */
  readonly left: boolean;

  constructor(cause: Error, left: boolean) {
    super(cause.message || cause.name, { cause });
    this.left = left;
  }
}

/** True only where it is certain that the provider saw nothing of the request: it may be sent again. */
export function neverLeft(error: unknown): boolean {
  return error instanceof CallFailure && !error.left;
}

/** A pool of connections to one provider. `timeoutMs` bounds a call from its start to the last byte of the answer. */
export function createHttpProvider(options: { origin: string; timeoutMs: number }): HttpProvider {
  const pool = new Pool(options.origin, {
    connections: CONNECTIONS,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    allowH2: false,
    maxResponseSize: MAX_REPLY_BYTES,
    // One timer of ours bounds the whole call.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return {
    call: (request, signal) => exchange({ pool, request, signal, timeoutMs: options.timeoutMs }),
    close: () => pool.close(),
  };
}

interface Exchange {
  readonly pool: Pool;
  readonly request: HttpRequest;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

/** Speaks to undici's dispatcher itself: only there is it known when the request is about to be written. */
function exchange({ pool, request, signal, timeoutMs }: Exchange): Promise<HttpReply> {
  const { promise, resolve, reject } = Promise.withResolvers<HttpReply>();
  let controller: Dispatcher.DispatchController | undefined;
  let settled = false;

  const settle = (outcome: HttpReply | Error): void => {
    if (settled) return;
    settled = true;
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
    if (outcome instanceof Error) reject(new CallFailure(outcome, controller !== undefined));
    else resolve(outcome);
  };
  const giveUp = (message: string): void => {
    const reason = new Error(message, { cause: signal.reason });
    settle(reason);
    controller?.abort(reason);
  };
  const onAbort = (): void => giveUp("The call was cancelled");
  const timer = setTimeout(() => giveUp(`No answer within ${timeoutMs} ms`), timeoutMs);
  signal.addEventListener("abort", onAbort, { once: true });

  if (signal.aborted) onAbort();
  else {
    const start = (started: Dispatcher.DispatchController): void => {
      if (settled) throw new Error("Given up before it was sent");
      controller = started;
    };
    pool.dispatch({ ...request, body: request.body ?? null }, replyHandler(start, settle));
  }
  return promise;
}

function replyHandler(
  start: (controller: Dispatcher.DispatchController) => void,
  settle: (outcome: HttpReply | Error) => void,
): Dispatcher.DispatchHandler {
  const chunks: Buffer[] = [];
  let status = 0;
  let replyHeaders: IncomingHttpHeaders = {};
  return {
    onRequestStart: start,
    onResponseStart(_controller, statusCode, headers) {
      status = statusCode;
      replyHeaders = headers;
    },
    onResponseData(_controller, chunk) {
      chunks.push(chunk);
    },
    onResponseEnd() {
      settle({ status, headers: replyHeaders, body: Buffer.concat(chunks).toString("utf8") });
    },
    onResponseError(_controller, error) {
      settle(error);
    },
  };
}
