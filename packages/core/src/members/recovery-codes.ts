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

/** The hash under which a recovery code is stored. */
export function recoveryCodeHash(system: Pick<SystemCtx, "vault">, memberId: Id<"Member">, code: string): Buffer {
  const [newest] = recoveryCodeHashes(system, memberId, code);
  if (!newest) throw new TypeError("A key ring needs at least one key");
  return newest;
}

/** The hashes of a recovery code under all look-up keys, the newest first; case, spaces and dashes do not matter. */
export function recoveryCodeHashes(
  { vault }: Pick<SystemCtx, "vault">,
  memberId: Id<"Member">,
  code: string,
): readonly Buffer[] {
  return vault.lookups("recovery-code", `${memberId}:${code.toUpperCase().replaceAll(/[\s-]/g, "")}`);
}
