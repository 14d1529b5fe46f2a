import { isIP } from "node:net";
import { isLoopbackAddress, isPublicAddress } from "../public-address.ts";

/** Whether webhooks may also go to this machine, by http too: for the sandbox. */
export interface TargetRules {
  readonly loopback: boolean;
}

/** Whether a webhook may go to an address by this protocol. */
export function isAllowedTarget(protocol: string, address: string, { loopback }: TargetRules): boolean {
  if (loopback && isLoopbackAddress(address)) return true;
  return protocol === "https:" && isPublicAddress(address);
}

/**
 * What is wrong with the address of an endpoint, as far as it can be told without a look-up; undefined when nothing is.
 * Where its name leads is checked at every connection.
 */
export function faultOfTarget(address: string, rules: TargetRules): string | undefined {
  if (!URL.canParse(address)) return "must be an address such as https://firm.example/hooks";
  const { protocol, hostname, username, password, hash } = new URL(address);
  const host = hostOf(hostname);
  const isHere = isLoopbackAddress(host) || host === "localhost";
  if (protocol !== "https:" && !(rules.loopback && isHere && protocol === "http:")) return "must start with https://";
  if (username !== "" || password !== "") return "must not have a user or password in it; calls are signed instead";
  if (hash !== "") return "must not have a part after #, for it is never sent";
  const isRefused = isIP(host) !== 0 ? !isAllowedTarget(protocol, host, rules) : isHere && !rules.loopback;
  return isRefused ? "must be a server on the public internet" : undefined;
}

/** The host of a URL without the brackets of an IPv6 address. */
export function hostOf(hostname: string): string {
  return hostname.startsWith("[") ? hostname.slice(1, -1) : hostname;
}
