import { loadConfig, ConfigError } from "@reminder-app/platform/config";
import { createLogger } from "@reminder-app/platform/log";
import { type RunningWorker, startWorker } from "./worker.ts";

try {
  const settings = loadConfig();
  const log = createLogger({ app: "worker", level: settings.LOG_LEVEL });
  const worker = await startWorker(settings, log);
  process.once("SIGTERM", (signal) => void stop(worker, signal));
  process.once("SIGINT", (signal) => void stop(worker, signal));
  process.send?.({ ready: true });

  async function stop(running: RunningWorker, signal: string): Promise<void> {
    log.info({ signal }, "the worker finishes what is in hand");
    await running.close();
    if (process.connected) process.disconnect();
  }
} catch (thrown) {
  if (!(thrown instanceof ConfigError)) throw thrown;
  process.stderr.write(`${thrown.message}\n`);
  process.exitCode = 1;
}
