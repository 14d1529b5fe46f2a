/** Requests that no HTTP client would send, each to be refused or served like any other; the server closes after it. */
export const rawRequests: readonly (readonly string[])[] = [
  ["GET /v1/me HTTP/1.1", "Connection: close", "", ""],
  ["GET /v1/me HTTP/1.1", "Host: a", "X: a\rb", "Connection: close", "", ""],
  ["GET /v1/me HTTP/1.1", "Host: a", "X: a\nSet-Cookie: b=c", "Connection: close", "", ""],
  ["GET /v1/me HTTP/1.1", "Host: a", "X: a\0b", "Connection: close", "", ""],
  ["GET /v1/me HTTP/1.1", "Host: a", "X : b", "Connection: close", "", ""],
  ["GET /v1/me HTTP/1.1", "Host: a", "X: a", " folded", "Connection: close", "", ""],
  ["GET /v1/me HTTP/1.1", "Host: a", "Host: b", "Connection: close", "", ""],
  ["GET /v1/me HTTP/1.1", "Host: a", `X: ${"x".repeat(20_000)}`, "Connection: close", "", ""],
  ["GET /v1/me%0d%0aSet-Cookie:%20a=b HTTP/1.1", "Host: a", "Connection: close", "", ""],
  ["GET /v1/me\u00ff HTTP/1.1", "Host: a", "Connection: close", "", ""],
  ["GET //v1/me HTTP/1.1", "Host: a", "Connection: close", "", ""],
  ["GET /v1/../v1/me HTTP/1.1", "Host: a", "Connection: close", "", ""],
  ["GET http://rival.example/v1/me HTTP/1.1", "Host: a", "Connection: close", "", ""],
  ["GET /v1/me HTTP/9.9", "Host: a", "Connection: close", "", ""],
  ["GET /v1/me HTTP/1.0", "", ""],
  ["get /v1/me HTTP/1.1", "Host: a", "Connection: close", "", ""],
  ["GET\t/v1/me\tHTTP/1.1", "Host: a", "Connection: close", "", ""],
  ["OPTIONS * HTTP/1.1", "Host: a", "Connection: close", "", ""],
  ["POST /v1/auth/login HTTP/1.1", "Host: a", "Connection: close", "Content-Length: 2", "Content-Length: 3", "", "{}"],
  ["POST /v1/auth/login HTTP/1.1", "Host: a", "Connection: close", "Content-Length: -1", "", ""],
  ["POST /v1/auth/login HTTP/1.1", "Host: a", "Connection: close", "Content-Length: 1e3", "", ""],
  ["POST /v1/auth/login HTTP/1.1", "Host: a", "Connection: close", "Expect: tea", "Content-Length: 0", "", ""],
  chunked("2", "{}", "0", "", ""),
  chunked("zz", "{}", "0", "", ""),
  chunked("fffffffffffffffff", "{}", "0", "", ""),
  chunked("2;a=b", "{}", "0", "X-Trailer: c", "", ""),
  chunked("1fff0", "x".repeat(0x1f_ff0), "0", "", ""),
  [
    "POST /v1/auth/login HTTP/1.1",
    "Host: a",
    "Connection: close",
    "Content-Length: 2",
    "Transfer-Encoding: chunked",
    "",
    "0",
    "",
    "",
  ],
];

function chunked(...lines: readonly string[]): readonly string[] {
  const head = ["POST /v1/auth/login HTTP/1.1", "Host: a", "Connection: close", "Content-Type: application/json"];
  return [...head, "Transfer-Encoding: chunked", "", ...lines];
}
