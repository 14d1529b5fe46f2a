import { createHmac, timingSafeEqual } from "node:crypto";
import { HOUR_MS, SECOND_MS, after } from "@reminder-app/platform/clock";
import { sha256 } from "@reminder-app/platform/crypto";
import type { Settings } from "@reminder-app/platform/settings";
import type { CookieOptions, Request } from "express";

const COOKIE = "ops_session";
const LIFE_MS = 8 * HOUR_MS;

export interface OpsSessions {
  readonly cookie: string;
  readonly cookieOptions: CookieOptions;
  /** What the cookie of somebody holds who has just signed in. */
  issue(now: Date): string;
  isSignedIn(req: Request, now: Date): boolean;
}

/**
 * Sessions of ops, eight hours long. The cookie says until when, signed with the keys of access tokens; another password
 * or second factor ends all of them. Scripts cannot read it, and no other site can send it along.
 */
export function createOpsSessions({
  APP_ENV,
  TOKEN_KEYS,
  OPS_PASSWORD,
  OPS_TOTP_SECRET,
}: Pick<Settings, "APP_ENV" | "TOKEN_KEYS" | "OPS_PASSWORD" | "OPS_TOTP_SECRET">): OpsSessions {
  const credential = sha256(`${OPS_PASSWORD ?? ""}\0${OPS_TOTP_SECRET ?? ""}`).toString("hex");
  const keys = [...TOKEN_KEYS.values()];
  const sign = (key: Buffer, until: string) =>
    createHmac("sha256", key).update(`ops-session\0${until}\0${credential}`).digest("base64url");

  return {
    cookie: COOKIE,
    cookieOptions: {
      path: "/ops",
      httpOnly: true,
      sameSite: "strict",
      secure: APP_ENV === "production",
      maxAge: LIFE_MS,
    },
    issue(now) {
      const [newest] = keys;
      if (!newest) throw new TypeError("A key ring needs at least one key");
      const until = String(Math.floor(after(now, LIFE_MS).getTime() / SECOND_MS));
      return `${until}.${sign(newest, until)}`;
    },
    isSignedIn(req, now) {
      const [until = "", signature = ""] = cookieOf(req).split(".");
      const isOurs = keys.some((key) => timingSafeEqual(sha256(sign(key, until)), sha256(signature)));
      return isOurs && now.getTime() < Number(until) * SECOND_MS;
    },
  };
}

function cookieOf(req: Request): string {
  return new RegExp(`(?:^|;\\s*)${COOKIE}=([\\w.-]*)`).exec(req.get("cookie") ?? "")?.[1] ?? "";
}
