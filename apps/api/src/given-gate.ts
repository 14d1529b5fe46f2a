import { type Server, type Socket, connect, createServer } from "node:net";

/** A way to the database that can be shut: connections break, and new ones are refused. Or made silent: they stay, and nothing comes. */
export async function gateTo(databaseUrl: string) {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let isShut = false;
  const server: Server = createServer((near) => {
    if (isShut) return void near.destroy();
    const far = connect(Number(target.port || 3306), target.hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
    }
    near.on("close", () => far.destroy());
    far.on("close", () => near.destroy());
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${address && typeof address === "object" ? address.port : 0}`;
  return {
    url: url.href,
    shut() {
      isShut = true;
      for (const socket of sockets) socket.destroy();
    },
    silence() {
      for (const socket of sockets) socket.unpipe();
    },
    reopen() {
      isShut = false;
    },
    close: () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
