import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { limits, readCsv } from "./read-csv.ts";

async function rowsOf(...pieces: readonly (string | Buffer)[]): Promise<string[][]> {
  async function* bytes() {
    for (const piece of pieces) yield Buffer.from(piece as string);
  }
  const rows: string[][] = [];
  for await (const { cells } of readCsv(bytes())) rows.push([...cells]);
  return rows;
}

const bytewise = (bytes: Buffer) => Array.from(bytes, (byte) => Buffer.of(byte));
const heading = ["name", "city"];

test.each([
  ["commas", "name,city\nHill Ltd,Bath\n"],
  ["semicolons", "name;city\nHill Ltd;Bath\n"],
  ["tabs", "name\tcity\r\nHill Ltd\tBath\r\n"],
  ["bars", "name|city\rHill Ltd|Bath"],
  ["a delimiter of the heading's own in quotes", '"name";"city"\n"Hill Ltd";"Bath"'],
  ["a byte order mark", "\ufeffname,city\nHill Ltd,Bath\n"],
  ["empty lines", "name,city\n\n,\nHill Ltd,Bath\n\n"],
])("a file with %s is read (F3)", async (_what, text) => {
  expect(await rowsOf(text)).toEqual([heading, ["Hill Ltd", "Bath"]]);
});

test("quotes may hold delimiters, line breaks and quotes, and need not be (F3)", async () => {
  expect(await rowsOf('name,city\n"Hill, ""The"" Sons\nLtd",Bath\nPipe 12" Ltd,Bath')).toEqual([
    heading,
    ['Hill, "The" Sons\nLtd', "Bath"],
    ['Pipe 12" Ltd', "Bath"],
  ]);
});

test("rows keep the numbers that a spreadsheet shows (F3)", async () => {
  async function* bytes() {
    yield Buffer.from("name\n\nHill\n");
  }
  const rows = [];
  for await (const { row } of readCsv(bytes())) rows.push(row);
  expect(rows).toEqual([1, 3]);
});

const text = "name;city\nMüller & Søn €;Orléans\n";
const latin = Buffer.from(text.replace("€", "\u0080"), "latin1");

test.each([
  ["UTF-8", Buffer.from(text)],
  ["Windows-1252", latin],
  ["UTF-16 as spreadsheets save it", Buffer.from(`\ufeff${text}`, "utf16le")],
  ["UTF-16 the other way round", Buffer.from(`\ufeff${text}`, "utf16le").swap16()],
  ["UTF-8 with its mark", Buffer.from(`\ufeff${text}`)],
])("letters come out of %s as they are, wherever the file is cut (F3)", async (_encoding, bytes) => {
  const rows = [heading, ["Müller & Søn €", "Orléans"]];
  expect(await rowsOf(bytes)).toEqual(rows);
  expect(await rowsOf(...bytewise(bytes))).toEqual(rows);
});

test("a file whose first letter beyond ASCII comes late is still read right (F3)", async () => {
  const many = "Hill Ltd;Bath\n".repeat(10_000);
  expect((await rowsOf(`name;city\n${many}`, latin)).at(-1)).toEqual(["Müller & Søn €", "Orléans"]);
});

test.each([
  ["a quotation mark that is never closed", 'name,city\nHill,"Bath\nDale,Bath\n', /Row 2 .*not closed/],
  [
    "UTF-8 that turns into something else",
    Buffer.concat([Buffer.from("name\né\n"), Buffer.of(0xff, 0x41, 0x0a)]),
    /UTF-8/,
  ],
  ["bytes that are no text", Buffer.from("PK\u0003\u0004\0\0\0name,city\n"), /no text/],
  ["too many columns", `name${",x".repeat(limits.columns)}\n`, /Row 1 has 201 columns/],
  ["a row that is too long", `name\nHill\n${"x".repeat(limits.rowBytes + 1_000)}\n`, /Row 3 is longer/],
  ["a quotation mark that swallows the rest", `name\n"${"Hill\n".repeat(300_000)}`, /Row 2 is longer/],
])("a file with %s is refused as a whole, with the place (F3, S35)", async (_what, broken, message) => {
  await expect(rowsOf(broken)).rejects.toMatchObject({
    code: "validation_failed",
    message: expect.stringMatching(message),
  });
});

/** What is still held when all garbage is gone. */
function heldBytes(): number {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  return process.memoryUsage().heapUsed;
}

test(
  "an endless file is refused after a million rows, in flat memory, and no more of it is asked for (S35)",
  { timeout: 60_000 },
  async () => {
    const piece = Buffer.from("x\n".repeat(10_000));
    let asked = 0;
    async function* endless() {
      for (;;) {
        asked += 1;
        yield piece;
      }
    }
    const held: number[] = [];
    const read = async () => {
      for await (const { row } of readCsv(endless())) if (row % 300_000 === 0) held.push(heldBytes());
    };
    await expect(read()).rejects.toThrow(/more than 1000000 rows/);
    expect(held.at(-1)! - held[0]!).toBeLessThan(10 * 1_048_576);
    expect(asked).toBeLessThan(110);
  },
);
