import type { Logger, LogFields } from "@reminder-app/platform/log";

/** For work that could not be enqueued: it is in MySQL, so Redis's absence is noted, and the sweep adds it later. */
export function leaveToSweep(log: Logger, fields: LogFields = {}): (error: unknown) => void {
  return (error) => log.warn({ ...fields, error }, "Redis is away; the sweep takes over");
}
