const CACHED = 10_000;

/** Answers that are asked for again after `ms` milliseconds at the latest. What was refused is not kept. */
export function createFreshCache<Value>(ms: number): (key: string, load: () => Promise<Value>) => Promise<Value> {
  const kept = new Map<string, { value: Value; until: number }>();
  return async (key, load) => {
    const known = kept.get(key);
    const asked = performance.now();
    if (known && known.until > asked) return known.value;
    kept.delete(key);
    const value = await load();
    if (kept.size >= CACHED) kept.clear();
    kept.set(key, { value, until: asked + ms });
    return value;
  };
}
