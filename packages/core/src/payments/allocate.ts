/** A part of a payment that is meant for a request, in minor units. */
export interface MeantPart {
  readonly meant: number;
}

/** What of a payment counts: all of it once it has succeeded, less what went back or is withheld. Never below 0. */
export function netOf({
  state,
  amount,
  refunded,
  disputed,
}: {
  readonly state: string;
  readonly amount: number;
  readonly refunded: number;
  readonly disputed: number;
}): number {
  return state === "succeeded" ? Math.max(0, amount - refunded - disputed) : 0;
}

/**
 * Share an amount out to parts in their order, to none more than is meant for it: what is missing is missing from the
 * last ones. What is left over is for none of them.
 */
export function allocate<Part extends MeantPart>(
  parts: readonly Part[],
  amount: number,
): (Part & { amount: number })[] {
  let left = amount;
  return parts.map((part) => {
    const share = Math.max(0, Math.min(part.meant, left));
    left -= share;
    return { ...part, amount: share };
  });
}
