import { tmpdir } from "node:os";
import { join } from "node:path";
import { environmentOver, loadConfig } from "@reminder-app/platform/config";
import type { Settings } from "@reminder-app/platform/settings";

const key = (fill: number) => `1:${Buffer.alloc(32, fill).toString("base64")}`;

/** Settings for a test: DATABASE_URL and REDIS_URL come from the runner, times are short, `changes` win. */
export function testSettings(changes: Readonly<Record<string, string>> = {}): Settings {
  return loadConfig(testEnvironment(changes));
}

/** The same as the environment of a process. */
export function testEnvironment(changes: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return {
    ...environmentOver({
      APP_ENV: "testing",
      LOG_LEVEL: "silent",
      TOKEN_KEYS: key(1),
      ENCRYPTION_KEYS: key(2),
      LOOKUP_KEYS: key(3),
      ABUSE_LIMITS: "0",
      OPS_PASSWORD: "a-test-password",
      OPS_TOTP_SECRET: "TESTSECRETTESTSECRETTESTSECRET22",
      PROVIDER_TIMEOUT_MS: "3000",
      LEASE_MS: "10000",
      VERIFY_AFTER_MS: "1000",
      HOLD_AFTER_MS: "1000",
      RETRY_BASE_MS: "200",
      FILES_FOLDER: join(tmpdir(), "reminder-app-tests-files"),
    }),
    ...changes,
  };
}
