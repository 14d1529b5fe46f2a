import { lookup, type LookupAddress, type LookupAllOptions } from "node:dns";
import type { LookupFunction } from "node:net";

/** Finds all addresses of a name, as `dns.lookup` does. */
export type Resolve = (
  host: string,
  options: LookupAllOptions,
  done: (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void,
) => void;

/**
 * A look-up that fails unless every address of the name is allowed. The connection goes to the very address that was
 * checked, so that a name cannot change what it means in between.
 */
export function lookupWhere(isAllowed: (address: string) => boolean, resolve: Resolve = lookup): LookupFunction {
  return (host, options, done) => {
    resolve(host, { ...options, all: true }, (error, found) => {
      if (error) return done(error, "", 0);
      if (found.length === 0 || !found.every(({ address }) => isAllowed(address))) return done(notAllowed(host), "", 0);
      const [first] = found;
      return options.all ? done(null, found) : done(null, first?.address ?? "", first?.family ?? 0);
    });
  };
}

export function notAllowed(host: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${host} is not a server on the public internet`), { code: "ENOTPUBLIC" });
}
