import { Readable } from "node:stream";
import { AppError } from "@reminder-app/platform/errors";
import { CsvError, parse } from "csv-parse";
import { decodeText } from "./decode-text.ts";

export const limits = { rows: 1_000_000, columns: 200, rowBytes: 1_048_576 } as const;

/** The heading's row is 1, so `row` is what a spreadsheet shows. */
export interface CsvRow {
  readonly row: number;
  readonly cells: readonly string[];
}

const HEADING_MOST = 65_536;
const delimiters = [",", ";", "\t", "|"] as const;

/**
 * The rows of a CSV file (RFC 4180, and what spreadsheets make of it), the heading first, in constant memory: with
 * commas, semicolons, tabs or bars, whichever the heading has most of. Rows without content are left out. Throws
 * `validation_failed`, with the line, when the file is broken or too large.
 */
export async function* readCsv(bytes: AsyncIterable<Buffer>): AsyncGenerator<CsvRow> {
  const pieces = decodeText(bytes)[Symbol.asyncIterator]();
  const { head, ended } = await readHeading(pieces);
  const parser = parse({
    delimiter: delimiterOf(head),
    max_record_size: limits.rowBytes,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: false,
  });
  const text = Readable.from(ended ? [head] : joined(head, pieces), { objectMode: false });
  text.on("error", (error) => parser.destroy(error));
  text.pipe(parser);
  let row = 0;
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      row += 1;
      if (row - 1 > limits.rows) throw tooMuch(`It has more than ${limits.rows} rows; divide it`);
      if (cells.length > limits.columns)
        throw tooMuch(`Row ${row} has ${cells.length} columns; there may be ${limits.columns} at most`);
      if (cells.some((cell) => cell.trim() !== "")) yield { row, cells };
    }
  } catch (thrown) {
    throw toFault(thrown, parser.info.records + 1);
  } finally {
    text.destroy();
    await pieces.return(undefined);
  }
}

async function readHeading(pieces: AsyncGenerator<string>): Promise<{ head: string; ended: boolean }> {
  let head = "";
  while (!/[\r\n]/.test(head) && head.length < HEADING_MOST) {
    const next = await pieces.next();
    if (next.done) return { head, ended: true };
    head += next.value;
  }
  return { head, ended: false };
}

async function* joined(head: string, rest: AsyncGenerator<string>): AsyncGenerator<string> {
  yield head;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

function delimiterOf(head: string): string {
  const line = (/^[^\r\n]*/.exec(head)?.[0] ?? "").replaceAll(/"[^"]*"/g, "");
  const counted = delimiters.map((delimiter) => ({ delimiter, count: line.split(delimiter).length }));
  return counted.reduce((best, one) => (one.count > best.count ? one : best)).delimiter;
}

const tooMuch = (message: string) => new AppError("validation_failed", message);

function toFault(thrown: unknown, row: number): unknown {
  if (!(thrown instanceof CsvError)) return thrown;
  if (thrown.code === "CSV_MAX_RECORD_SIZE")
    return tooMuch(`Row ${row} is longer than ${limits.rowBytes} bytes; perhaps a quotation mark is not closed`);
  if (thrown.code === "CSV_QUOTE_NOT_CLOSED")
    return new AppError("validation_failed", `Row ${row} has a quotation mark that is not closed`, { cause: thrown });
  return new AppError("validation_failed", `Row ${row} cannot be read: ${thrown.code}`, { cause: thrown });
}
