import { type LookupAddress, promises } from "node:dns";
import { callbackify } from "node:util";
import type { Resolve } from "../checked-lookup.ts";

const TIMEOUT_MS = 2_000;
const TRIES = 2;

/**
 * Asks the name servers, and waits on a socket. The system's own way would keep one of the process's few threads for as
 * long as a name server likes, and whoever owns a name would hold up all others' mail by it.
 */
export function createResolve(servers?: readonly string[]): Resolve {
  const resolver = new promises.Resolver({ timeout: TIMEOUT_MS, tries: TRIES });
  if (servers) resolver.setServers(servers);
  const find = callbackify((host: string) => lookUp(resolver, host));
  return (host, _options, done) => {
    find(host, (error: NodeJS.ErrnoException | null, found) => done(error, error ? [] : found));
  };
}

/** Rejects where no name server knows any address. */
async function lookUp(resolver: promises.Resolver, host: string): Promise<LookupAddress[]> {
  // RFC 6761: never asked of a name server.
  if (host === "localhost" || host.endsWith(".localhost")) return [{ address: "127.0.0.1", family: 4 }];
  const [four, six] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
  const found = [...addresses(four, 4), ...addresses(six, 6)];
  if (found.length === 0 && four.status === "rejected") throw four.reason;
  return found;
}

function addresses(answer: PromiseSettledResult<string[]>, family: 4 | 6): LookupAddress[] {
  return answer.status === "fulfilled" ? answer.value.map((address) => ({ address, family })) : [];
}
