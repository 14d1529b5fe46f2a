import { rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { migrateDatabase } from "@reminder-app/db/migrate";
import { freePort, portIsFree } from "../services/free-port.ts";
import { startServices } from "../services/services.ts";
import { demoLogin, seedDemo } from "./demo.ts";
import { lockInstance } from "./instance-lock.ts";
import { linksPage } from "./links-page.ts";
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
  if (fresh) for (const part of ["services", "stack"]) rmSync(join(directory, part), { recursive: true, force: true });

  const undo: (() => unknown)[] = [lock.release];
  const stopping = whenAskedToStop();
  try {
    log("looking for MySQL and Redis");
    const services = await startServices({ directory: join(directory, "services"), keep: true, log });
    undo.push(services.stop);
    log("migrating the database");
    await migrateDatabase(services.databaseUrl);
    const ports = await choosePorts();
    log(`starting the sandbox, the API and ${workers} worker${workers === 1 ? "" : "s"}`);
    const stack = await startStack({ services, directory: join(directory, "stack"), ports, workers, watch, log });
    undo.push(stack.stop);
    const { clientId, fresh: seeded } = await seedDemo(stack.apiUrl);
    if (seeded) log("made a demo firm; its first reminders go out in a few seconds");
    console.log(linksPage({ stack, clientId, login: demoLogin }));
    await stopping;
    log("stopping");
  } finally {
    for (const step of undo.toReversed()) await step();
  }
}

function whenAskedToStop(): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGINT", () => resolve());
    process.once("SIGTERM", () => resolve());
  });
}

async function choosePorts(): Promise<StackPorts> {
  return { api: await portNear(8000), sandbox: await portNear(8025), smtp: await portNear(1025) };
}

async function portNear(wanted: number): Promise<number> {
  if (await portIsFree(wanted)) return wanted;
  const other = await freePort();
  log(`port ${wanted} is taken by another program, using ${other} instead`);
  return other;
}
