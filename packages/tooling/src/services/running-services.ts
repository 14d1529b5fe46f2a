import type { DatabaseServer } from "./database-server.ts";
import type { RedisServer } from "./redis-server.ts";

/** MySQL and Redis that a command runs on. */
export interface Services {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** Only when they are private servers of ours, which may be restarted. */
  readonly servers?: { readonly database: DatabaseServer; readonly redis: RedisServer };
  stop(): Promise<void>;
}
