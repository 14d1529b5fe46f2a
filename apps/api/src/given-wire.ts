import { once } from "node:events";
import { type Socket, connect, createServer } from "node:net";
import { testSettings } from "@reminder-app/testing/test-settings";

/** Where a database would be that is reached at `port`. */
export function databaseUrlAt(port: number): string {
  const url = new URL(testSettings().DATABASE_URL);
  url.host = `127.0.0.1:${port}`;
  return url.href;
}

/** The database as it comes up late, or goes: at `port`, a wire to the real one, until it is cut. */
export async function openDatabaseAt(port: number): Promise<{ cut(): void }> {
  const { hostname, port: real } = new URL(testSettings().DATABASE_URL);
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(real || 3306), hostname);
    open.add(near);
    near.on("error", () => far.destroy()).on("close", () => far.destroy());
    far.on("error", () => near.destroy()).on("close", () => near.destroy());
    near.pipe(far).pipe(near);
  }).listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    cut() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
