import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { expect, test } from "vitest";
import { spooled } from "./given-files.ts";
import { spool } from "./spool.ts";

test("a file is there as it came, as often as it is read, until it is closed (G3)", async () => {
  const content = Buffer.alloc(300_001, "figures ");
  const file = await spooled(content);
  expect(file.bytes).toBe(content.length);
  expect(file.sha256).toEqual(createHash("sha256").update(content).digest());
  file
    .read()
    .once("data", () => {})
    .destroy();
  const [first, second] = await Promise.all([buffer(file.read()), buffer(file.read())]);
  expect(Buffer.compare(first, content) + Buffer.compare(second, content)).toBe(0);
  await file.close();
});

/** So many pieces of 64 KB, and how many of them were asked for. */
function endless() {
  const told = { pieces: 0 };
  function* pieces() {
    for (; ; told.pieces += 1) yield Buffer.alloc(65_536);
  }
  return { content: Readable.from(pieces()), told };
}

test("a file without end is left as soon as it is too large (G3)", async () => {
  const { content, told } = endless();
  await expect(spool(content, 1_000_000)).rejects.toMatchObject({ code: "payload_too_large" });
  expect(told.pieces).toBeLessThan(100);
});

test("a file of just the size that is allowed is taken, and one of a byte more is not (G3)", async () => {
  const of = (bytes: number) => spool(Readable.from([Buffer.alloc(bytes)]), 1_000);
  const file = await of(1_000);
  expect(file.bytes).toBe(1_000);
  await file.close();
  await expect(of(1_001)).rejects.toMatchObject({ code: "payload_too_large" });
});

test("what breaks on its way is told as it broke (G3)", async () => {
  const broken = new Readable({ read() { this.destroy(new Error("the line was cut")); } }); // prettier-ignore
  await expect(spool(broken, 1_000)).rejects.toThrow("the line was cut");
});
