import { type RequestListener, type Server, createServer } from "node:http";
import type { Duplex } from "node:stream";

/** How often slow clients are looked for; Node's own half minute would let them stay that much longer. */
const CHECK_MS = 2_000;
const LET_GO_MS = 200;

/** Slow clients are cut off; an idle connection outlives the balancer's 60 s. */
export function listen(answer: RequestListener, port: number): Promise<Server> {
  // Node's own refusals of an absent Host or an odd Expect would go out without any of our headers.
  const server = createServer({ connectionsCheckingInterval: CHECK_MS, requireHostHeader: false }, answer);
  server.on("checkExpectation", answer);
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  server.keepAliveTimeout = 65_000;
  server.on("clientError", refuseUnreadable);
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, () => resolve(server));
  });
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

const statusOf: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: "408 Request Timeout",
  HPE_HEADER_OVERFLOW: "431 Request Header Fields Too Large",
};

/** What is no HTTP never becomes a request, so it gets its problem here. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === "ECONNRESET" || !socket.writable) return void socket.destroy();
  const status = statusOf[error.code ?? ""] ?? "400 Bad Request";
  const body = JSON.stringify({
    type: "about:blank",
    title: status.slice(4),
    status: Number(status.slice(0, 3)),
    code: "malformed_request",
    detail: "The request could not be read as HTTP",
  });
  const headers = [
    `HTTP/1.1 ${status}`,
    "Content-Type: application/problem+json",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "X-Content-Type-Options: nosniff",
    "X-Frame-Options: DENY",
    "X-XSS-Protection: 1; mode=block",
    "Content-Security-Policy: default-src 'none';frame-ancestors 'none'",
    "Referrer-Policy: no-referrer",
    "Connection: close",
  ];
  socket.end(`${headers.join("\r\n")}\r\n\r\n${body}`);
}
