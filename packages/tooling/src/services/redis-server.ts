import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Redis } from "ioredis";
import { freePort } from "./free-port.ts";
import { type OwnedProcess, startOwned } from "./owned-process.ts";

export interface RedisServer {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
  /** Kill it with -9 and start it on the same port; `empty` also takes its data away. */
  restart(options: { empty: boolean }): Promise<void>;
}

export interface RedisServerOptions {
  readonly directory: string;
  readonly program: string;
  /** Keep data over a restart, as production does (AOF, every second). */
  readonly durable: boolean;
}

/** Start a private Redis on a free port with its own folder. It never evicts. */
export async function startRedis({ directory, program, durable }: RedisServerOptions): Promise<RedisServer> {
  const dataFolder = join(directory, "data");
  mkdirSync(dataFolder, { recursive: true });
  const port = await freePort();
  const args = [
    "--port",
    `${port}`,
    "--bind",
    "127.0.0.1",
    "--dir",
    dataFolder,
    "--save",
    "",
    "--maxmemory-policy",
    "noeviction",
  ];
  const start = () =>
    startOwned({
      directory,
      name: "redis",
      program,
      args: [
        ...args,
        "--appendonly",
        durable ? "yes" : "no",
        "--appendfsync",
        "everysec",
        "--pidfile",
        join(directory, "server.pid"),
      ],
      answers: () => ping(port),
    });

  let running: OwnedProcess = await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    get pid() {
      return running.pid;
    },
    stop: () => running.stop(),
    async restart({ empty }) {
      await running.stop("SIGKILL");
      if (empty) rmSync(dataFolder, { recursive: true, force: true });
      mkdirSync(dataFolder, { recursive: true });
      running = await start();
    },
  };
}

async function ping(port: number): Promise<void> {
  const redis = new Redis(port, "127.0.0.1", { lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null });
  redis.on("error", () => {});
  try {
    await redis.connect();
    await redis.ping();
  } finally {
    redis.disconnect();
  }
}
