import { setTimeout as sleep } from "node:timers/promises";
import type { App } from "./child.ts";

/** A program that comes back when it dies, until it is stopped. */
export interface KeptApp {
  readonly pid: number;
  kill(signal: NodeJS.Signals): void;
  stop(): Promise<void>;
}

const RETRY_MS = 1_000;

/** Start a program, and again whenever it dies by itself; `died` hears of it each time. */
export async function keepRunning(start: () => Promise<App<unknown>>, died: () => void): Promise<KeptApp> {
  let stopping = false;
  let app = await start();
  let comingBack: Promise<void> = Promise.resolve();

  function watch(): void {
    app.process.once("exit", () => {
      if (stopping) return;
      died();
      comingBack = comeBack();
    });
  }

  async function comeBack(): Promise<void> {
    for (;;) {
      if (stopping) return;
      const started = await start().catch(() => undefined);
      if (started) {
        app = started;
        watch();
        return;
      }
      await sleep(RETRY_MS);
    }
  }

  watch();
  return {
    get pid() {
      return app.pid;
    },
    kill: (signal) => void app.process.kill(signal),
    async stop() {
      stopping = true;
      await comingBack;
      await app.stop();
    },
  };
}
