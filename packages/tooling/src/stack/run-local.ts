import { once } from "node:events";
import { rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { migrateDatabase } from "@reminder-app/db/migrate";
import { freePort, portIsFree } from "../services/free-port.ts";
import { removeServices, startServices } from "../services/services.ts";
import { demoLogin, seedDemo } from "./demo.ts";
import { lockInstance } from "./instance-lock.ts";
import { linksPage } from "./links-page.ts";
import { noteServers } from "./running.ts";
import { type StackPorts, startStack } from "./stack.ts";

export interface LocalOptions {
  readonly workers: number;
  /** Take all data away first. */
  readonly fresh: boolean;
  readonly watch: boolean;
}

const log = (line: string) => console.log(`· ${line}`);

/** Run everything on this machine until Ctrl-C: servers, sandbox, API, workers, and a demo firm to look at. */
export async function runLocal({ workers, fresh, watch }: LocalOptions): Promise<void> {
  const directory = resolve(".local");
  const lock = lockInstance(directory);
  const undo: (() => unknown)[] = [lock.release];
  const asked = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => asked.abort());
  try {
    if (fresh) await removeData(directory);
    log("looking for MySQL and Redis");
    const services = await startServices({ directory: join(directory, "services"), keep: true, log });
    undo.push(services.stop);
    log("migrating the database");
    await migrateDatabase(services.databaseUrl);
    if (asked.signal.aborted) return;
    const ports = await choosePorts();
    log(`starting the sandbox, the API and ${workers} worker${workers === 1 ? "" : "s"}`);
    const stack = await startStack({ services, directory: join(directory, "stack"), ports, workers, watch, log });
    undo.push(stack.stop);
    undo.push(
      noteServers(join(directory, "stack"), { DATABASE_URL: services.databaseUrl, REDIS_URL: services.redisUrl }),
    );
    if (asked.signal.aborted) return;
    const { clientId, fresh: seeded } = await seedDemo(stack.apiUrl);
    if (seeded) log("made a demo firm; its first reminders go out in a few seconds");
    console.log(linksPage({ stack, clientId, login: demoLogin }));
    if (!asked.signal.aborted) await once(asked.signal, "abort");
  } finally {
    log("stopping");
    for (const step of undo.toReversed()) await tryTo(step);
  }
}

async function removeData(directory: string): Promise<void> {
  await removeServices(join(directory, "services"));
  rmSync(join(directory, "stack"), { recursive: true, force: true });
}

/** What cannot be stopped is told, and does not keep the others running. */
async function tryTo(step: () => unknown): Promise<void> {
  try {
    await step();
  } catch (error) {
    log(`while stopping: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function choosePorts(): Promise<StackPorts> {
  return {
    api: await portNear(8000),
    sandbox: await portNear(8025),
    smtp: await portNear(1025),
    clamd: await portNear(3310),
  };
}

async function portNear(wanted: number): Promise<number> {
  if (await portIsFree(wanted)) return wanted;
  const other = await freePort();
  log(`port ${wanted} is taken by another program, using ${other} instead`);
  return other;
}
