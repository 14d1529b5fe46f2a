import { type IncomingMessage, type RequestListener, type Server, type ServerResponse, createServer } from "node:http";
import type { Duplex } from "node:stream";
import type { ErrorCode } from "@reminder-app/platform/errors";
import { newId } from "@reminder-app/platform/ids";
import { PROBLEM_BASE } from "./problem.ts";
import { UPLOAD_DEADLINE_MS, isSlowBody } from "./slow-bodies.ts";

/** How often slow clients are looked for; Node's own half minute would let them stay that much longer. */
const CHECK_MS = 2_000;
const LET_GO_MS = 200;
const BODY_MS = 30_000;

export interface ListenOptions {
  readonly port: number;
  /** Of answers to what never becomes a request. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Slow clients are cut off; an idle connection outlives the balancer's 60 s. */
export function listen(answer: RequestListener, { port, headers }: ListenOptions): Promise<Server> {
  // Node's own refusals of an absent Host or an odd Expect would go out without any of our headers.
  const inTime: RequestListener = (req, res) => {
    refuseSlowBody(req, res, headers);
    answer(req, res);
  };
  const server = createServer({ connectionsCheckingInterval: CHECK_MS, requireHostHeader: false }, inTime);
  server.on("checkExpectation", inTime);
  server.headersTimeout = 10_000;
  server.requestTimeout = UPLOAD_DEADLINE_MS;
  server.keepAliveTimeout = 65_000;
  server.on("clientError", (error, socket) => refuseUnreadable(error, socket, headers));
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, () => resolve(server));
  });
}

/** All of a request has to come soon; Node's own limit is that of files. */
function refuseSlowBody(req: IncomingMessage, res: ServerResponse, headers: ListenOptions["headers"]): void {
  const timer = setTimeout(() => {
    if (req.complete || req.destroyed || isSlowBody(req)) return;
    const late = Object.assign(new Error("The request did not come in time"), { code: "ERR_HTTP_REQUEST_TIMEOUT" });
    if (res.headersSent) req.socket.destroy();
    else refuseUnreadable(late, req.socket, headers);
  }, BODY_MS);
  timer.unref();
  // Not when it is answered: what is refused at once may go on coming.
  req.once("close", () => clearTimeout(timer));
}

/** Take no new request, and let those in hand end; what is not answered within `patienceMs` is cut off. */
export function closeServer(server: Server, patienceMs: number): Promise<void> {
  const letGo = setInterval(() => server.closeIdleConnections(), LET_GO_MS);
  const cutOff = setTimeout(() => server.closeAllConnections(), patienceMs);
  return new Promise((resolve) => {
    server.close(() => {
      clearInterval(letGo);
      clearTimeout(cutOff);
      resolve();
    });
  });
}

interface Refusal {
  readonly status: string;
  readonly code: ErrorCode;
  readonly detail: string;
}

const unreadable: Refusal = {
  status: "400 Bad Request",
  code: "malformed_request",
  detail: "The request could not be read as HTTP",
};
const refusals: Readonly<Record<string, Refusal>> = {
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: "408 Request Timeout",
    code: "request_timeout",
    detail: "The request did not come in time; send its headers within 10 s and all of it within 30 s",
  },
  HPE_HEADER_OVERFLOW: {
    status: "431 Request Header Fields Too Large",
    code: "headers_too_large",
    detail: "The headers are too large; send at most 16 KiB",
  },
};

/** What is no HTTP never becomes a request, so it gets its problem here. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex, headers: ListenOptions["headers"]): void {
  if (error.code === "ECONNRESET" || !socket.writable) return void socket.destroy();
  const { status, code, detail } = refusals[error.code ?? ""] ?? unreadable;
  const requestId = newId();
  const body = JSON.stringify({
    type: `${PROBLEM_BASE}${code}`,
    title: code.replaceAll("_", " "),
    status: Number(status.slice(0, 3)),
    code,
    detail,
    instance: "/",
    requestId,
  });
  const lines = [
    `HTTP/1.1 ${status}`,
    "Content-Type: application/problem+json",
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${requestId}`,
    "Cache-Control: no-store",
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    "Connection: close",
  ];
  socket.end(`${lines.join("\r\n")}\r\n\r\n${body}`);
}
