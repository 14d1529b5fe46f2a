/** Why a row is refused: in which field, and what would be right. */
export interface RowIssue {
  readonly field: string;
  readonly message: string;
}

/** So many of a row are told. */
export const MOST_ISSUES = 20;

/** A cell as it was meant: without the apostrophe that our own CSV puts before what a spreadsheet would run. */
export function meant(cell: string | undefined): string | undefined {
  const text = (cell ?? "").trim();
  if (text === "") return undefined;
  return /^'[\s\u00a0]*[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(text) ? text.slice(1).trim() : text;
}

/** Cells beyond the heading hold something that nobody has named. */
export function beyondHeading(cells: readonly string[], count: number): RowIssue[] {
  if (cells.length <= count || cells.slice(count).every((cell) => cell.trim() === "")) return [];
  return [{ field: "", message: `has ${cells.length} cells, and the heading ${count}` }];
}
