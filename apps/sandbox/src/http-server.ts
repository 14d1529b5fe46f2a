import { createServer, type Server } from "node:http";
import type { Server as SocketServer } from "node:net";
import { AppError } from "@reminder-app/platform/errors";
import type { Logger } from "@reminder-app/platform/log";
import { type Exchange, sendProblem } from "./http-exchange.ts";

export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Of the whole path; named groups become `params`. */
  readonly path: RegExp;
  handle(exchange: Exchange): void | Promise<void>;
}

/** A server of these routes; the first that fits answers. */
export function createHttpServer(routes: readonly Route[], log: Logger): Server {
  const server = createServer((req, res) => {
    const answer = async () => {
      const url = new URL(req.url ?? "/", "http://sandbox");
      const { route, params } = findRoute(routes, { method: req.method ?? "GET", path: url.pathname });
      await route.handle({ req, res, url, params });
    };
    answer().catch((error: unknown) => {
      if (!(error instanceof AppError) && !req.destroyed) log.error({ error }, "request failed");
      sendProblem(res, error);
    });
  });
  // Longer than any client keeps an idle connection, so that none is cut while a message is on its way.
  server.keepAliveTimeout = 65_000;
  return server;
}

function findRoute(routes: readonly Route[], { method, path }: { method: string; path: string }) {
  let known = false;
  for (const route of routes) {
    const match = route.path.exec(path);
    if (!match) continue;
    known = true;
    if (route.method !== (method === "HEAD" ? "GET" : method)) continue;
    const params = Object.entries(match.groups ?? {}).map(([name, value]) => [name, decodePart(value)]);
    return { route, params: Object.fromEntries(params) as Record<string, string> };
  }
  if (known) throw new AppError("method_not_allowed", `${method} is not possible here`);
  throw new AppError("not_found", "There is nothing here");
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    throw new AppError("malformed_request", "The path has a broken % sequence", { cause: error });
  }
}

/** Resolves to the port; port 0 takes a free one. */
export async function listenOn(server: SocketServer, { host, port }: { host: string; port: number }): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}
