import { connect, isIP, type LookupFunction, type Socket } from "node:net";
import { lookupWhere, notAllowed } from "../checked-lookup.ts";
import { isPublicAddress } from "../public-address.ts";

export const CONNECT_TIMEOUT_MS = 3_000;

interface Target {
  readonly host?: string | undefined;
  readonly port?: number | string | undefined;
  readonly secure?: boolean;
}
const lookupPublic = lookupWhere(isPublicAddress);
type Done = (error: Error | null, socket?: { connection: Socket }) => void;

/**
 * A connection to the mail server, its name resolved as the system does it. nodemailer's own resolver asks the name
 * servers first, so that a name in /etc/hosts waits for them, and keeps addresses beyond their time.
 */
export function openSocket(options: Target, done: Done): void {
  open(options, done);
}

/**
 * The same for a server that a business named: only to an address of the public internet, and to the very address that
 * was checked, so that a name cannot change what it means in between.
 */
export function openPublicSocket(options: Target, done: Done): void {
  open(options, done, lookupPublic);
}

function open({ host = "localhost", port, secure }: Target, done: Done, by?: LookupFunction): void {
  // A literal address is not looked up.
  if (by && isIP(host) !== 0 && !isPublicAddress(host)) return done(notAllowed(host));
  const socket = connect({ host, port: Number(port) || (secure ? 465 : 587), ...(by && { lookup: by }) });
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
