import { csvLine } from "./csv.ts";

/** What a cell can show: instants in UTC, lists with `; ` between, what is absent as an empty cell. */
type Shown = string | number | boolean | Date | null | undefined | readonly (string | number)[];

/**
 * CSV with a heading, page by page, so that memory stays bounded: the columns are named as the fields that they show.
 * A table without rows still has its heading.
 */
export async function* csvTable<Column extends string>(
  columns: readonly Column[],
  pages:
    | AsyncIterable<readonly { readonly [Name in Column]?: Shown }[]>
    | readonly { readonly [Name in Column]?: Shown }[],
): AsyncGenerator<string> {
  let head = csvLine(columns);
  for await (const rows of Symbol.asyncIterator in pages ? pages : [pages]) {
    yield head + rows.map((row) => csvLine(columns.map((column) => cellOf(row[column])))).join("");
    head = "";
  }
  if (head !== "") yield head;
}

function cellOf(value: Shown): string | number | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "string" || typeof value === "number") return value;
  if (typeof value === "boolean") return value ? "yes" : "no";
  return value instanceof Date ? value.toISOString() : value.join("; ");
}
