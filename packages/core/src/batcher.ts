import { setTimeout as sleep } from "node:timers/promises";

/** Long enough for what is in hand to come together, short beside a call to a provider. */
const LINGER_MS = 3;

export interface BatcherOptions<Item, Result> {
  /** Items with one key may share a batch. */
  readonly keyOf: (item: Item) => string;
  readonly run: (items: readonly Item[]) => Promise<readonly Result[]>;
  readonly atMost: number;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Group what is asked for within a few milliseconds, or while the last batch runs, into one batch, as a database groups
 * commits: little added wait when idle, few round trips under load. When a batch fails, its items are run one by one,
 * so that one bad item fails alone.
 */
export function createBatcher<Item, Result>(options: BatcherOptions<Item, Result>): (item: Item) => Promise<Result> {
  const queues = new Map<string, Waiting<Item, Result>[]>();

  async function drain(key: string, queue: Waiting<Item, Result>[]): Promise<void> {
    while (queue.length > 0) {
      if (queue.length < options.atMost) await sleep(LINGER_MS);
      await settle(queue.splice(0, options.atMost));
    }
    queues.delete(key);
  }

  async function settle(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await options.run(batch.map(({ item }) => item));
      for (const [index, { resolve }] of batch.entries()) resolve(results[index] as Result);
    } catch (thrown) {
      const [only] = batch;
      if (batch.length === 1 && only) only.reject(thrown);
      else for (const waiting of batch) await settle([waiting]);
    }
  }

  return (item) =>
    new Promise((resolve, reject) => {
      const key = options.keyOf(item);
      const queue = queues.get(key);
      if (queue) return queue.push({ item, resolve, reject });
      const fresh = [{ item, resolve, reject }];
      queues.set(key, fresh);
      setImmediate(() => void drain(key, fresh));
      return undefined;
    });
}
