import { existsSync } from "node:fs";
import { totpCode } from "@reminder-app/platform/totp";
import { environment } from "../../bootstrap/environment.mjs";
import { keptSecrets } from "../stack/secrets.ts";

/** The code that the queue board asks for beside the password: of OPS_TOTP_SECRET, else of what `npm start` runs. */
const KEPT = ".local/stack/secrets.json";
const secret = environment["OPS_TOTP_SECRET"] ?? (existsSync(KEPT) ? keptSecrets(KEPT)["OPS_TOTP_SECRET"] : undefined);

if (secret) {
  console.log(totpCode(secret, new Date()));
} else {
  console.error("There is no second factor: set OPS_TOTP_SECRET, or run npm start first");
  process.exitCode = 1;
}
