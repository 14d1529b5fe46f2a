export interface GateOptions {
  readonly atOnce: number;
  readonly waiting: number;
  readonly whenFull: () => Error;
}

/** Lets `atOnce` tasks run, `waiting` more wait in order, and rejects the rest. */
export function createGate({ atOnce, waiting, whenFull }: GateOptions): <T>(task: () => Promise<T>) => Promise<T> {
  let running = 0;
  const queue: (() => void)[] = [];

  return async (task) => {
    if (running >= atOnce) {
      if (queue.length >= waiting) throw whenFull();
      await new Promise<void>((resolve) => queue.push(resolve));
    }
    running += 1;
    try {
      return await task();
    } finally {
      running -= 1;
      queue.shift()?.();
    }
  };
}
