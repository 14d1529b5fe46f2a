import type { Request } from "express";

const LONGEST = 200;

/** What the calling program calls itself, as far as it is kept. */
export function userAgentOf(req: Request): string | null {
  return req.get("user-agent")?.slice(0, LONGEST) ?? null;
}
