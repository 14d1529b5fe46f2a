const KB = 1_000;
const MB = KB * KB;

/** A size as the reader writes it. */
export function fileSize(bytes: number, locale: string): string {
  const [value, unit] = bytes < MB ? [Math.max(1, bytes / KB), "kilobyte"] : [bytes / MB, "megabyte"];
  const maximumFractionDigits = value < 10 ? 1 : 0;
  return new Intl.NumberFormat(locale, { style: "unit", unit, maximumFractionDigits }).format(value);
}
