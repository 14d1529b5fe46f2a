import { join } from "node:path";
import { GenericContainer, type StartedTestContainer, Wait } from "testcontainers";
import type { Log } from "./apt-install.ts";
import { findProgram } from "./find-program.ts";
import { runCommand } from "./run-command.ts";
import { localDatabase, localDatabaseUrl } from "./local-database.ts";
import type { Services } from "./running-services.ts";

const MYSQL_IMAGE = "mysql:8.4";
const REDIS_IMAGE = "redis:7";
const { name, password } = localDatabase;

/** Whether a Docker engine answers, not only its client. */
export async function dockerAnswers(): Promise<boolean> {
  const docker = findProgram(["docker"]);
  if (!docker) return false;
  return (await runCommand(docker, ["info", "--format", "{{.ServerVersion}}"], { timeoutMs: 5_000 })).code === 0;
}

/** MySQL and Redis in containers that are ours; with `keep` their data stay in `directory`. */
export async function startContainers(
  directory: string,
  { keep, log }: { keep: boolean; log: Log },
): Promise<Services> {
  log(`starting ${MYSQL_IMAGE} and ${REDIS_IMAGE} with Docker`);
  const mysql = new GenericContainer(MYSQL_IMAGE)
    .withEnvironment({ MYSQL_ROOT_PASSWORD: password, MYSQL_DATABASE: name })
    .withExposedPorts(3306)
    .withCommand(["--character-set-server=utf8mb4", "--default-time-zone=+00:00"])
    .withWaitStrategy(Wait.forLogMessage(/ready for connections.*port: 3306/))
    .withBindMounts(keep ? [{ source: join(directory, "docker-mysql"), target: "/var/lib/mysql" }] : []);
  const redis = new GenericContainer(REDIS_IMAGE)
    .withExposedPorts(6379)
    .withCommand(["redis-server", "--maxmemory-policy", "noeviction", "--appendonly", keep ? "yes" : "no"])
    .withBindMounts(keep ? [{ source: join(directory, "docker-redis"), target: "/data" }] : []);
  const [database, queue] = await Promise.all([mysql.start(), redis.start()]);
  return {
    databaseUrl: localDatabaseUrl(database.getHost(), database.getMappedPort(3306), "root"),
    redisUrl: `redis://${queue.getHost()}:${queue.getMappedPort(6379)}`,
    stop: async () => void (await Promise.all([stop(database), stop(queue)])),
  };
}

function stop(container: StartedTestContainer): Promise<unknown> {
  return container.stop();
}
