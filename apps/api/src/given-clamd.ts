import { fork } from "node:child_process";
import { once } from "node:events";

/** The sandbox's virus scanner, as a process of its own. */
export async function givenClamd(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const script = new URL("../../sandbox/src/main.ts", import.meta.url).pathname;
  const env = { SANDBOX_PORT: "0", SANDBOX_SMTP_PORT: "0", SANDBOX_CLAMD_PORT: "0", LOG_LEVEL: "silent" };
  const child = fork(script, { execArgv: ["--conditions=source"], env, stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const [ready] = (await once(child, "message")) as [{ clamdUrl: string }];
  return {
    url: ready.clamdUrl,
    async stop() {
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}
