import { pino } from "pino";

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

function presentable(name: string, value: unknown): unknown {
  if (value instanceof Error) return describeError(value);
  return name === "reason" && typeof value === "string" ? maskAddresses(value) : value;
}

function describeError(error: Error): Record<string, unknown> {
  const code: unknown = "code" in error ? error.code : undefined;
  return {
    name: error.name,
    ...(code !== undefined && { code }),
    message: presentableText(error.message),
    stack: presentableText(error.stack ?? ""),
    ...(error.cause instanceof Error && { cause: describeError(error.cause) }),
  };
}

/** A failed statement carries its values in its message: names and texts of clients, which no log may hold. */
function presentableText(text: string): string {
  return maskAddresses(text.replaceAll(/^params: .*$/gm, "params: ***"));
}

/** Blanks e-mail addresses and long digit runs, which may be telephone numbers. */
function maskAddresses(text: string): string {
  return text.replaceAll(/[^\s<>"',;:]+@[^\s<>"',;]+/g, "***@***").replaceAll(/\+?\d[\d\s().-]{7,}\d/g, "***");
}
