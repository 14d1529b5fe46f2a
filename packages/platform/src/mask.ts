/** Longer than this nobody reads; looking through it all would cost more than it tells. */
const LONGEST = 4_000;

/** Blanks e-mail addresses and long digit runs, which may be telephone numbers. */
export function maskAddresses(text: string): string {
  return text
    .slice(0, LONGEST)
    .replaceAll(/[^\s<>"',;:]{1,254}@[^\s<>"',;]+/g, "***@***")
    .replaceAll(/\+?\d[\d\s().-]{7,}\d/g, "***");
}
