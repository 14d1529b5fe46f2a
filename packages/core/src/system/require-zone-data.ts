import { ConfigError } from "@reminder-app/platform/config";
import type { Logger } from "@reminder-app/platform/log";
import type { Settings } from "@reminder-app/platform/settings";
import { floorFault } from "@reminder-app/schedule/tz-floor";

/**
 * Have a process start only with time zone data by which local times are right. In production older data throws
 * {@link ConfigError}; elsewhere it is logged.
 */
export function requireZoneData({ APP_ENV }: Pick<Settings, "APP_ENV">, log: Logger): void {
  const fault = floorFault();
  if (!fault) return;
  if (APP_ENV === "production") throw new ConfigError([fault]);
  log.warn({ reason: fault }, "local times may be wrong");
}
