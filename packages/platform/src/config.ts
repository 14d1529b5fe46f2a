import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseEnv } from "node:util";
import { type Settings, settingsSchema } from "./settings.ts";

export type { Settings } from "./settings.ts";

/** The settings are wrong. `faults` names each one and what would be right, never its value. */
export class ConfigError extends Error {
  override name = "ConfigError";
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(
      `The configuration has ${faults.length} fault${faults.length === 1 ? "" : "s"}:\n${faults.map((fault) => `  ${fault}`).join("\n")}`,
    );
    this.faults = faults;
  }
}

/**
 * The settings of this process, read once at start: from the environment, then `.env.<APP_ENV>`, then `.env`.
 * Throws {@link ConfigError} with all faults at once.
 */
export function loadConfig(environment: NodeJS.ProcessEnv = process.env, directory: string = process.cwd()): Settings {
  const general = readEnvFile(resolve(directory, ".env"));
  const appEnv = environment["APP_ENV"] ?? general["APP_ENV"] ?? "development";
  const specific = readEnvFile(resolve(directory, `.env.${appEnv}`));
  return parseSettings({ ...general, ...specific, ...environment });
}

/** This process's environment over `defaults`: for programs that choose some settings themselves. */
export function environmentOver(defaults: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { ...defaults, ...process.env };
}

/** Parse settings that were already gathered. An empty value counts as not set. */
function parseSettings(values: Readonly<Record<string, string | undefined>>): Settings {
  const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== ""));
  const parsed = settingsSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join(".") || "settings"}: ${issue.message}`));
}

function readEnvFile(path: string): Readonly<Record<string, string | undefined>> {
  return existsSync(path) ? parseEnv(readFileSync(path, "utf8")) : {};
}
