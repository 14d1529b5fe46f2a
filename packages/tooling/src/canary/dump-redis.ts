import { Redis } from "ioredis";

/** Everything that Redis keeps under `prefix`, keys and values of every type, as text. */
export async function dumpRedis(url: string, prefix: string): Promise<string> {
  const redis = new Redis(url);
  try {
    const kept: unknown[] = [];
    for await (const keys of redis.scanStream({ match: `${prefix}:*`, count: 1_000 }) as AsyncIterable<string[]>) {
      for (const key of keys) kept.push(key, await valueOf(redis, key));
    }
    return JSON.stringify(kept);
  } finally {
    redis.disconnect();
  }
}

async function valueOf(redis: Redis, key: string): Promise<unknown> {
  const type = await redis.type(key);
  switch (type) {
    case "string":
      return redis.get(key);
    case "hash":
      return redis.hgetall(key);
    case "list":
      return redis.lrange(key, 0, -1);
    case "set":
      return redis.smembers(key);
    case "zset":
      return redis.zrange(key, "0", "-1", "WITHSCORES");
    case "stream":
      return redis.xrange(key, "-", "+");
    case "none": // it has gone meanwhile
      return undefined;
    default:
      throw new Error(`Redis has ${key} of the type ${type}, which is not read here`);
  }
}
