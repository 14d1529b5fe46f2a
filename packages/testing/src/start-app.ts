import { fork } from "node:child_process";

export interface StartedApp {
  /** What it told when it was ready. */
  readonly ready: unknown;
  stop(): void;
  /** As a machine does that goes down. */
  kill(): void;
}

/** One of the apps as a process of its own, with nothing in its environment but `env`. Resolves when it is ready. */
export async function startApp(app: string, env: NodeJS.ProcessEnv): Promise<StartedApp> {
  const script = new URL(`../../../apps/${app}/src/main.ts`, import.meta.url).pathname;
  const child = fork(script, {
    execArgv: ["--conditions=source"],
    env,
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const ready = await new Promise<unknown>((resolve, reject) => {
    child.once("message", resolve);
    child.once("exit", (code) => reject(new Error(`The ${app} ended with ${code} before it was ready`)));
  });
  return { ready, stop: () => void child.kill("SIGTERM"), kill: () => void child.kill("SIGKILL") };
}
