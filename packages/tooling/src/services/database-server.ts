import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createConnection } from "mysql2/promise";
import { freePort } from "./free-port.ts";
import { type OwnedProcess, startOwned } from "./owned-process.ts";
import { requireCommand } from "./run-command.ts";
import { localDatabase, localDatabaseUrl } from "./local-database.ts";

/** How a database program of this machine is started. */
export interface DatabaseProgram {
  /** Makes an empty data folder. */
  readonly initialise: (dataFolder: string) => Promise<unknown>;
  readonly server: string;
  /** What comes before the usual flags. */
  readonly prefix: readonly string[];
  readonly flags: readonly string[];
}

export interface DatabaseServer {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
  /** Stop it as in a restart, or with -9 as in a crash, and start it on the same port and data. */
  restart(options: { crash: boolean }): Promise<void>;
}

export interface DatabaseServerOptions {
  readonly directory: string;
  readonly program: DatabaseProgram;
  /** Every commit reaches the disk; switched off for throwaway data. */
  readonly durable: boolean;
}

const { name, user, password } = localDatabase;
const asRoot = process.getuid?.() === 0 ? ["--user=root"] : [];

/** MariaDB as this machine has it. */
export function mariaDb(server: string, installer: string): DatabaseProgram {
  return {
    server,
    prefix: ["--no-defaults", ...asRoot],
    flags: [],
    initialise: (folder) =>
      requireCommand(installer, [
        "--no-defaults",
        ...asRoot,
        `--datadir=${folder}`,
        "--skip-test-db",
        "--auth-root-authentication-method=normal",
      ]),
  };
}

/** MySQL: `loader` is what starts the server when it was unpacked beside its own libraries. */
export function mySql({
  loader,
  server,
  base,
}: {
  loader: readonly string[];
  server: string;
  base: readonly string[];
}): DatabaseProgram {
  const [first, ...rest] = loader;
  const program = first ?? server;
  const before = first === undefined ? [] : [...rest, server];
  const prefix = [...before, "--no-defaults", ...asRoot, ...base];
  return {
    server: program,
    prefix,
    flags: ["--loose-mysqlx=OFF", "--loose-innodb-redo-log-capacity=128M"],
    initialise: (folder) => requireCommand(program, [...prefix, `--datadir=${folder}`, "--initialize-insecure"]),
  };
}

/** Start a private server on a free port with its own folder, and in it the database `reminders`. */
export async function startDatabase({ directory, program, durable }: DatabaseServerOptions): Promise<DatabaseServer> {
  mkdirSync(directory, { recursive: true });
  const dataFolder = join(directory, "data");
  if (!existsSync(dataFolder)) await initialiseWhole(program, dataFolder);
  const initFile = join(directory, "init.sql");
  writeFileSync(initFile, initSql);
  const port = await freePort();
  const url = localDatabaseUrl("127.0.0.1", port);
  const start = () =>
    startOwned({
      directory,
      name: "database",
      program: program.server,
      args: [...program.prefix, ...program.flags, ...serverFlags({ directory, dataFolder, initFile, port, durable })],
      answers: () => ping(url),
    });

  let running: OwnedProcess = await start();
  return {
    url,
    get pid() {
      return running.pid;
    },
    stop: () => running.stop(),
    async restart({ crash }) {
      await running.stop(crash ? "SIGKILL" : "SIGTERM");
      running = await start();
    },
  };
}

/** Beside its place first: a folder that was left half made is never taken for a whole one. */
async function initialiseWhole(program: DatabaseProgram, dataFolder: string): Promise<void> {
  const half = `${dataFolder}.half`;
  rmSync(half, { recursive: true, force: true });
  await program.initialise(half);
  renameSync(half, dataFolder);
}

const initSql = [
  `create database if not exists ${name} character set utf8mb4 collate utf8mb4_unicode_ci`,
  `create user if not exists '${user}'@'127.0.0.1'`,
  `alter user '${user}'@'127.0.0.1' identified by '${password}'`,
  // Tests make users with fewer rights.
  `grant all on *.* to '${user}'@'127.0.0.1' with grant option`,
]
  .map((statement) => `${statement};\n`)
  .join("");

interface Flags {
  readonly directory: string;
  readonly dataFolder: string;
  readonly initFile: string;
  readonly port: number;
  readonly durable: boolean;
}

function serverFlags({ directory, dataFolder, initFile, port, durable }: Flags): string[] {
  return [
    `--datadir=${dataFolder}`,
    `--init-file=${initFile}`,
    `--port=${port}`,
    "--bind-address=127.0.0.1",
    "--skip-name-resolve",
    // Within the data folder, for the path of a socket may have a hundred characters only.
    "--socket=server.sock",
    `--pid-file=${join(directory, "server.pid")}`,
    "--default-time-zone=+00:00",
    "--character-set-server=utf8mb4",
    "--collation-server=utf8mb4_unicode_ci",
    "--max-connections=400",
    "--innodb-buffer-pool-size=256M",
    `--innodb-flush-log-at-trx-commit=${durable ? 1 : 2}`,
    "--skip-log-bin",
    "--performance-schema=OFF",
  ];
}

async function ping(url: string): Promise<void> {
  const connection = await createConnection({ uri: url, connectTimeout: 2_000 });
  await connection.query("select 1");
  await connection.end();
}
