/** A wait that doubles with every try up to `capMs`, with up to a quarter of jitter so that failures spread out. */
export function backOffMs(
  tries: number,
  { baseMs, capMs }: { baseMs: number; capMs: number },
  random = Math.random,
): number {
  const whole = Math.min(capMs, baseMs * 2 ** Math.min(30, Math.max(0, tries - 1)));
  return Math.round(whole * (0.75 + random() * 0.25));
}
