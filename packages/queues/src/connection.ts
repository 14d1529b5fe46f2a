import { Redis } from "ioredis";

const COMMAND_TIMEOUT_MS = 3_000;

/** A connection for those who add jobs: while Redis is away it fails at once, and the sweep catches up later. */
export function connectProducer(url: string, onError: (error: Error) => void): Redis {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: COMMAND_TIMEOUT_MS,
    retryStrategy: (times) => Math.min(1_000, times * 100),
  });
  return redis.on("error", onError);
}

/** A connection for those who wait for jobs: it comes back by itself, however long Redis is away. */
export function connectConsumer(url: string, onError: (error: Error) => void): Redis {
  const redis = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: (times) => Math.min(1_000, times * 100) });
  return redis.on("error", onError);
}
