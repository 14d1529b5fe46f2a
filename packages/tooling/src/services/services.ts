import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { environment } from "../../bootstrap/environment.mjs";
import { type Log, canInstallPackages, installPackages } from "./apt-install.ts";
import { type DatabaseProgram, mariaDb, mySql, startDatabase } from "./database-server.ts";
import { dockerAnswers, startContainers } from "./docker.ts";
import { findProgram } from "./find-program.ts";
import { unpackMySql } from "./mysql-package.ts";
import { stopLeftOver } from "./owned-process.ts";
import type { Services } from "./running-services.ts";
import { startRedis } from "./redis-server.ts";

export interface ServicesOptions {
  readonly directory: string;
  /** Keep data over restarts and crashes; otherwise they are for one run. */
  readonly keep: boolean;
  readonly log: Log;
  /** `mysql`: the MySQL of Debian unstable, instead of what is found. */
  readonly engine?: "any" | "mysql";
  /** Servers that may be killed and restarted, whatever else there is. */
  readonly privateOnly?: boolean;
}

/**
 * MySQL and Redis, wherever this machine has them: as DATABASE_URL and REDIS_URL say, else by Docker, else the
 * programs of this machine, started privately, else installed by apt. Throws with the choices when there is no way.
 */
export async function startServices(options: ServicesOptions): Promise<Services> {
  const { directory, keep, log } = options;
  mkdirSync(directory, { recursive: true });
  const given = { databaseUrl: environment["DATABASE_URL"], redisUrl: environment["REDIS_URL"] };
  if ((given.databaseUrl === undefined) !== (given.redisUrl === undefined)) {
    throw new Error("DATABASE_URL and REDIS_URL go together: set both, or neither");
  }
  const anyEngine = options.engine !== "mysql" && !options.privateOnly;
  if (anyEngine && given.databaseUrl && given.redisUrl) {
    log("using the servers that DATABASE_URL and REDIS_URL name");
    return { databaseUrl: given.databaseUrl, redisUrl: given.redisUrl, stop: async () => {} };
  }
  if (anyEngine && (await dockerAnswers())) return startContainers(directory, { keep, log });
  return startPrivate(options);
}

async function startPrivate({ directory, keep, log, engine }: ServicesOptions): Promise<Services> {
  const program = engine === "mysql" ? await unpackMySql(mysqlCache(), log) : await requireDatabase(log);
  const redisProgram = await requireRedis(log);
  log(`starting ${program.server} and ${redisProgram} privately`);
  const durable = keep;
  const database = await startDatabase({ directory: join(directory, "database"), program, durable });
  const redis = await startRedis({ directory: join(directory, "redis"), program: redisProgram, durable }).catch(
    async (error: unknown) => {
      await database.stop();
      throw error;
    },
  );
  return {
    databaseUrl: database.url,
    redisUrl: redis.url,
    servers: { database, redis },
    async stop() {
      await Promise.all([database.stop(), redis.stop()]);
      if (!keep) rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Take all data in `directory` away, and first the servers that a run which was killed has left on it. */
export async function removeServices(directory: string): Promise<void> {
  for (const name of ["database", "redis"]) await stopLeftOver({ directory: join(directory, name), name });
  rmSync(directory, { recursive: true, force: true });
}

function mysqlCache(): string {
  return join(environment["HOME"] ?? "/tmp", ".cache/reminder-app/mysql");
}

async function requireDatabase(log: Log): Promise<DatabaseProgram> {
  const found = findDatabase();
  if (found) return found;
  await installOrExplain(["mariadb-server-core", "mariadb-client-core"], "MySQL or MariaDB", log);
  return findDatabase() ?? explain("MySQL or MariaDB");
}

function findDatabase(): DatabaseProgram | undefined {
  const mariadbd = findProgram(["mariadbd"]);
  const installer = findProgram(["mariadb-install-db"]);
  if (mariadbd && installer && findProgram(["my_print_defaults"])) return mariaDb(mariadbd, installer);
  const mysqld = findProgram(["mysqld"]);
  return mysqld && !mariadbd ? mySql({ loader: [], server: mysqld, base: [] }) : undefined;
}

async function requireRedis(log: Log): Promise<string> {
  const names = ["redis-server", "valkey-server"];
  const found = findProgram(names);
  if (found) return found;
  await installOrExplain(["redis-server"], "Redis or Valkey", log);
  return findProgram(names) ?? explain("Redis or Valkey");
}

async function installOrExplain(packages: readonly string[], what: string, log: Log): Promise<void> {
  if (!canInstallPackages()) explain(what);
  await installPackages(packages, { services: ["redis-server"].filter((name) => packages.includes(name)), log });
}

function explain(what: string): never {
  throw new Error(
    `${what} is needed, and none was found. Choose one:
  - start Docker, and the containers are started for you
  - install ${what} so that its server program is on PATH
  - run this as root on Debian or Ubuntu, and apt installs it
  - set DATABASE_URL and REDIS_URL to servers that you have`,
  );
}
