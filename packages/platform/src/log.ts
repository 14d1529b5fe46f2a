import { pino } from "pino";
import { describeError } from "./describe-error.ts";
import { maskAddresses } from "./mask.ts";

/** What a log line may carry beside its message. Everything else is dropped: names and addresses never reach a log. */
const allowedFields = new Set([
  "app", "business", "member", "reminder", "occurrence", "delivery", "attempt", "event", "request", "job", "queue", "queues",
  "channel", "provider", "method", "route", "status", "code", "ms", "count", "port", "url", "pid", "state", "reason", "signal", "error",
  "rule", "field",
]); // prettier-ignore

export interface Logger {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}

export type LogFields = Readonly<Record<string, unknown>>;

export interface LogOptions {
  readonly app: string;
  readonly level: string;
  /** Where lines go; standard output when left out. */
  readonly destination?: { write(line: string): void };
}

/** JSON lines with allow-listed fields; addresses inside error messages are masked. */
export function createLogger({ app, level, destination }: LogOptions): Logger {
  const options = {
    level,
    base: { app, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }), log: allowListed },
  };
  return destination ? pino(options, destination) : pino(options);
}

function allowListed(fields: Record<string, unknown>): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (allowedFields.has(name)) kept[name] = presentable(name, value);
  }
  return kept;
}

/** Errors are described without their values; of the rest only plain values are kept, for an object may hold anything. */
function presentable(name: string, value: unknown): unknown {
  if (name === "error" || value instanceof Error) return describeError(value);
  if (typeof value === "string") return name === "reason" ? maskAddresses(value) : value;
  return isPlain(value) || (Array.isArray(value) && value.every(isPlain)) ? value : undefined;
}

function isPlain(value: unknown): boolean {
  return value === null || ["string", "number", "boolean", "undefined"].includes(typeof value);
}
