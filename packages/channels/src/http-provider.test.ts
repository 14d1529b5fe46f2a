import { createServer, type AddressInfo, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { createHttpProvider, type HttpProvider, neverLeft } from "./http-provider.ts";

const request = { method: "POST" as const, path: "/messages", headers: { accept: "application/json" }, body: "{}" };
const never = new AbortController().signal;

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

test("a connection that is refused, or a name that does not exist, lets nothing leave", async () => {
  const { origin, stop } = await givenServer(() => {});
  await stop();

  expect(neverLeft(await failureOf(provider(origin)))).toBe(true);
  expect(neverLeft(await failureOf(provider("http://nowhere.invalid")))).toBe(true);
});

test("a server that does not speak TLS sees nothing of the request", async () => {
  const { origin } = await givenServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));

  expect(neverLeft(await failureOf(provider(origin.replace("http:", "https:"))))).toBe(true);
});

test("once a connection has the request, every failure may be an acceptance", async () => {
  const behaviours: ((socket: Socket) => void)[] = [
    (socket) => socket.destroy(),
    (socket) => socket.once("data", () => socket.resetAndDestroy()),
    (socket) => socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{}")),
    (socket) => socket.once("data", () => socket.end("this is not HTTP\r\n\r\n")),
    (socket) => socket.once("data", () => socket.write("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{}")),
  ];
  for (const behave of behaviours) {
    const { origin } = await givenServer(behave);

    expect(neverLeft(await failureOf(provider(origin, 300)))).toBe(false);
  }
});

test("a call that is given up while it waits for a connection never leaves, not even later", async () => {
  const seen: string[] = [];
  const { origin } = await givenServer((socket) => socket.on("data", (data) => seen.push(String(data))));
  const http = provider(origin, 1_000);
  // Hold all connections with calls that get no answer.
  const held = Array.from({ length: 64 }, () => http.call(request, never).catch(() => {}));
  const waiting = http.call({ ...request, path: "/waiting" }, AbortSignal.timeout(200));

  expect(neverLeft(await waiting.catch((error: unknown) => error))).toBe(true);
  await Promise.all(held);
  await http.call({ ...request, path: "/behind" }, never).catch(() => {});
  expect(seen.join("")).toContain("/behind");
  expect(seen.join("")).not.toContain("/waiting");
});

test("the whole answer is returned, whatever its status", async () => {
  const { origin } = await givenServer((socket) =>
    socket.once("data", () => socket.end("HTTP/1.1 418 Teapot\r\nretry-after: 5\r\ncontent-length: 5\r\n\r\n80 é")),
  );

  expect(await provider(origin).call(request, never)).toEqual({
    status: 418,
    headers: { "retry-after": "5", "content-length": "5" },
    body: "80 é",
  });
});

function provider(origin: string, timeoutMs = 5_000): HttpProvider {
  const http = createHttpProvider({ origin, timeoutMs });
  closers.push(() => http.close());
  return http;
}

function failureOf(http: HttpProvider): Promise<unknown> {
  return http.call(request, never).catch((error: unknown) => error);
}

async function givenServer(behave: (socket: Socket) => void) {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket.on("error", () => {}));
    behave(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const stop = () =>
    new Promise<void>((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(() => resolve());
    });
  closers.push(stop);
  return { origin: `http://127.0.0.1:${port}`, stop };
}
