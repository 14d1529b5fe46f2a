import { ConfigError, loadConfig } from "@reminder-app/platform/config";
import { createLogger } from "@reminder-app/platform/log";
import { startApi } from "./server.ts";

try {
  const settings = loadConfig();
  const log = createLogger({ app: "api", level: settings.LOG_LEVEL });
  const api = await startApi(settings, log);
  let closing = false;
  const stop = async (reason: string): Promise<void> => {
    if (closing) return;
    closing = true;
    log.info({ reason }, "the API answers what is in hand");
    await api.close();
    if (process.connected) process.disconnect();
  };
  process.once("SIGTERM", () => void stop("SIGTERM"));
  process.once("SIGINT", () => void stop("SIGINT"));
  process.once("disconnect", () => void stop("its starter is gone"));
  process.send?.({ port: api.port });
} catch (thrown) {
  if (!(thrown instanceof ConfigError)) throw thrown;
  process.stderr.write(`${thrown.message}\n`);
  process.exitCode = 1;
}
