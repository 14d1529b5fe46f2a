import { crc32, deflateRawSync } from "node:zlib";
import { afterEach, expect, test } from "vitest";
import { checkZip, zipLimits } from "./check-zip.ts";
import { docxOf, spooled, zipOf } from "./given-files.ts";
import type { Spooled } from "./spool.ts";

const opened: Spooled[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((file) => file.close()));
});

async function check(content: Buffer) {
  const file = await spooled(content);
  opened.push(file);
  return checkZip(file.fd, file.bytes);
}

/** An entry of so many zeros, which deflate to a thousandth. */
function zeros(name: string, bytes: number, told = bytes) {
  const content = Buffer.alloc(bytes);
  return { name, data: deflateRawSync(content), method: 8 as const, size: told, crc: crc32(content) };
}

test("what an archive has is told (G3)", async () => {
  const { names, mimetype } = await check(docxOf([{ name: "mimetype", data: Buffer.from("a/b") }]));
  expect([...names]).toEqual(["[Content_Types].xml", "word/document.xml", "mimetype"]);
  expect(mimetype).toBe("a/b");
});

test("a dense table of a few megabytes is no bomb (G3)", async () => {
  const { names } = await check(zipOf([zeros("xl/worksheets/sheet1.xml", 4 * 1024 * 1024)]));
  expect(names.size).toBe(1);
});

const layers = (depth: number): Buffer =>
  depth === 0 ? docxOf() : docxOf([{ name: `word/embeddings/${depth}.docx`, data: layers(depth - 1) }]);

test("a document within a document is taken, one more within it is not (G3)", async () => {
  await expect(check(layers(2))).resolves.toBeDefined();
  await expect(check(layers(3))).rejects.toMatchObject({ issues: [{ code: "file_bomb" }] });
});

test.each<[string, () => Buffer, string]>([
  ["that unpacks to hundreds of times its size", () => zipOf([zeros("a", 20_000_000)]), "file_bomb"],
  ["that says it unpacks to less than it does", () => zipOf([zeros("a", 20_000_000, 1_000)]), "file_lies"],
  [
    "whose bomb is in an archive within it",
    () => docxOf([{ name: "a.zip", data: zipOf([zeros("a", 20_000_000)]) }]),
    "file_bomb",
  ],
  [
    "of more entries than any document has",
    () => zipOf(Array.from({ length: zipLimits.entries + 1 }, (_, at) => ({ name: `${at}`, data: Buffer.alloc(0) }))),
    "file_bomb",
  ],
  [
    "that needs a password",
    () => zipOf([{ name: "a", data: Buffer.alloc(20), size: 8, encrypted: true }]),
    "file_locked",
  ],
  ["that is cut off", () => docxOf().subarray(0, -30), "file_lies"],
  ["whose entry leads out of it", () => zipOf([{ name: "../../a", data: Buffer.from("x") }]), "file_lies"],
])("an archive %s is refused (G3)", async (_what, make, code) => {
  await expect(check(make())).rejects.toMatchObject({ code: "validation_failed", issues: [{ field: "file", code }] });
});

test("a bomb of a gigabyte is left long before it is unpacked (G3)", async () => {
  const before = process.memoryUsage().rss;
  const entry = zeros("a", 20_000_000);
  const bomb = zipOf(Array.from({ length: 50 }, (_, at) => ({ ...entry, name: `${at}` })));
  await expect(check(bomb)).rejects.toMatchObject({ issues: [{ code: "file_bomb" }] });
  expect(process.memoryUsage().rss - before).toBeLessThan(300_000_000);
});
