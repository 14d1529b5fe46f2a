import { randomBytes } from "node:crypto";
import type { Id } from "@reminder-app/platform/ids";
import { toBase32 } from "@reminder-app/platform/totp";
import type { SystemCtx } from "../ctx.ts";

const CODES = 10;
/** 80 bits, 16 characters of base32. */
const CODE_BYTES = 10;

/** Ten new recovery codes, as they are shown: `abcd-efgh-ijkl-mnop`. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: CODES }, () =>
    toBase32(randomBytes(CODE_BYTES))
      .toLowerCase()
      .replaceAll(/(.{4})(?=.)/g, "$1-"),
  );
}

/** The keyed hash under which a recovery code is stored; case, spaces and dashes do not matter. */
export function recoveryCodeHash({ vault }: Pick<SystemCtx, "vault">, memberId: Id<"Member">, code: string): Buffer {
  return vault.lookup("recovery-code", `${memberId}:${code.toUpperCase().replaceAll(/[\s-]/g, "")}`);
}
