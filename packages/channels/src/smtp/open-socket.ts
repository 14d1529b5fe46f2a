import { connect, type Socket } from "node:net";

export const CONNECT_TIMEOUT_MS = 3_000;

/**
 * A connection to the mail server, its name resolved as the system does it. nodemailer's own resolver asks the name
 * servers first, so that a name in /etc/hosts waits for them, and keeps addresses beyond their time.
 */
export function openSocket(
  options: { host?: string | undefined; port?: number | string | undefined; secure?: boolean },
  done: (error: Error | null, socket?: { connection: Socket }) => void,
): void {
  const port = Number(options.port) || (options.secure ? 465 : 587);
  const socket = connect({ host: options.host ?? "localhost", port });
  const timer = setTimeout(() => {
    socket.destroy(new Error(`No connection to the mail server within ${CONNECT_TIMEOUT_MS} ms`));
  }, CONNECT_TIMEOUT_MS);

  socket.once("error", failed);
  socket.once("connect", () => {
    clearTimeout(timer);
    socket.off("error", failed);
    done(null, { connection: socket });
  });

  function failed(error: Error): void {
    clearTimeout(timer);
    done(error);
  }
}
