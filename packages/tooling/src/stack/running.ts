import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { keptSecrets } from "./secrets.ts";

type Servers = Readonly<Record<"DATABASE_URL" | "REDIS_URL", string>>;

const fileIn = (directory: string) => join(directory, "servers.json");

/** Note which servers `npm start` uses, for commands that are run beside it. Answers how to take the note back. */
export function noteServers(directory: string, servers: Servers): () => void {
  writeFileSync(fileIn(directory), JSON.stringify(servers), { mode: 0o600 });
  return () => rmSync(fileIn(directory), { force: true });
}

/** The servers and keys of what `npm start` runs in this checkout; none when it does not run. */
export function runningSettings(directory: string): Readonly<Record<string, string>> {
  if (!existsSync(fileIn(directory))) return {};
  const servers = JSON.parse(readFileSync(fileIn(directory), "utf8")) as Servers;
  const secrets = keptSecrets(join(directory, "secrets.json"));
  const keys = Object.entries(secrets).filter(([name]) => name.endsWith("_KEYS"));
  return { ...Object.fromEntries(keys), ...servers };
}
