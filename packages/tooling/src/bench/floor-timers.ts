/** The queue of T5's floor. */
export const FLOOR_TIMERS = "floor-timers";

export interface Ring {
  /** When it was to ring, in epoch milliseconds. */
  readonly at: number;
}

/** BullMQ's `repeatStrategy` of the floor: its pattern is the one instant. */
export function ringOnce(millis: number, { pattern }: { readonly pattern?: string }): number | undefined {
  const at = Number(pattern);
  return at > millis ? at : undefined;
}
