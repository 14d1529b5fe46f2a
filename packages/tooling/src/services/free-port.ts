import { createServer } from "node:net";

const LOWEST = 20_000;
const HIGHEST = 30_000;

/**
 * A TCP port that nobody listens on at this moment, below those that systems hand out for outgoing connections: a
 * server that is restarted on it finds it free.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    if (await portIsFree(port)) return port;
  }
}

/** Whether `port` can be listened on. */
export function portIsFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().on("error", () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });
}
