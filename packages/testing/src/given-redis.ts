import { once } from "node:events";
import { type AddressInfo, type Socket, connect, createServer } from "node:net";
import { testSettings } from "./test-settings.ts";

/** A wire to the real Redis on which it says of itself that it evicts. */
export async function givenEvictingRedis(): Promise<{ url: string; close(): void }> {
  const real = new URL(testSettings().REDIS_URL);
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(real.port || 6379), real.hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => {}).on("close", () => [near, far].forEach((other) => other.destroy()));
    }
    near.pipe(far);
    // As long as the word it takes the place of, for Redis announces lengths.
    far.on("data", (chunk: Buffer) =>
      near.write(chunk.toString("latin1").replaceAll("noeviction", "evicts-lru"), "latin1"),
    );
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
