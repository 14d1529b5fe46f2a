import { isIP } from "node:net";
import type { Request } from "express";
import { ipKeyGenerator } from "express-rate-limit";

/** Households and servers get a /64 of IPv6, and may use any address of it. */
const IPV6_BITS = 64;

/**
 * Where a request comes from, as limits count it: an IPv4 address, or the first 64 bits of an IPv6 one. It is the
 * connection's own address, or the one that as many proxies as PROXY_HOPS says have passed on in X-Forwarded-For.
 */
export function networkOf(req: Pick<Request, "ip" | "socket">): string {
  const address = isIP(req.ip ?? "") ? req.ip : req.socket.remoteAddress;
  return ipKeyGenerator(address ?? "", IPV6_BITS);
}
