import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { newId } from "@reminder-app/platform/ids";
import { type FauxqsServer, startFauxqs } from "fauxqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createFileStore } from "./create-file-store.ts";
import type { FileStore } from "./file-store.ts";

const folder = mkdtempSync(join(tmpdir(), "reminder-app-files-"));
let server: FauxqsServer;
const stores = new Map<string, FileStore>();

beforeAll(async () => {
  server = await startFauxqs({ port: 0, logger: false, host: "127.0.0.1" });
  server.createBucket("clients-files");
  const region = { FILES_S3_REGION: "eu-west-1" };
  stores.set("folder", createFileStore({ FILES_FOLDER: folder, ...region }));
  stores.set(
    "s3",
    createFileStore({
      ...region,
      FILES_S3_BUCKET: "clients-files",
      FILES_S3_ENDPOINT: `http://127.0.0.1:${server.port}`,
      FILES_S3_ACCESS_KEY_ID: "a-test-key",
      FILES_S3_SECRET_ACCESS_KEY: "a-test-secret",
    }),
  );
});

afterAll(async () => {
  await Promise.all([...stores.values()].map((store) => store.close()));
  await server.stop();
  rmSync(folder, { recursive: true });
});

describe.each(["folder", "s3"])("the %s store", (kind) => {
  const store = () => stores.get(kind) as FileStore;
  const key = () => `tests/${newId()}`;

  test("gives back what was written, whatever its size (G3)", async () => {
    for (const bytes of [0, 1, 11 * 1024 * 1024 + 7]) {
      const content = Buffer.alloc(bytes, "figures ");
      const at = key();

      expect(await store().write(at, Readable.from(inPieces(content)))).toEqual({ bytes });
      expect(Buffer.compare(await buffer(await store().read(at)), content)).toBe(0);
    }
  });

  test("replaces what was written under the same key (G3)", async () => {
    const at = key();
    await store().write(at, Readable.from([Buffer.from("first")]));
    await store().write(at, Readable.from([Buffer.from("second")]));

    expect((await buffer(await store().read(at))).toString()).toBe("second");
  });

  test.each([1_000, 12 * 1024 * 1024])("leaves nothing of a stream that breaks after %i bytes (G3)", async (bytes) => {
    const at = key();

    await expect(store().write(at, Readable.from(breaking(bytes)))).rejects.toThrow("the line was cut");
    await expect(store().read(at)).rejects.toMatchObject({ code: "not_found" });
    expect(filesUnder(folder).filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  test("forgets what is removed, also twice (G3)", async () => {
    const at = key();
    await store().write(at, Readable.from([Buffer.from("figures")]));
    await store().remove(at);
    await store().remove(at);

    await expect(store().read(at)).rejects.toMatchObject({ code: "not_found" });
  });

  test.each(["../secrets", "/etc/passwd", "a/../b", "a//b", "a\0b", "A", ""])(
    "takes no key like %j, which could lead elsewhere (G3)",
    async (bad) => {
      await expect(store().write(bad, Readable.from([Buffer.from("x")]))).rejects.toThrow(TypeError);
      await expect(store().read(bad)).rejects.toThrow(TypeError);
      await expect(store().remove(bad)).rejects.toThrow(TypeError);
    },
  );
});

const PIECE = 64 * 1024;

function* inPieces(content: Buffer): Generator<Buffer> {
  for (let from = 0; from < content.length; from += PIECE) yield content.subarray(from, from + PIECE);
}

function* breaking(bytes: number): Generator<Buffer> {
  yield* inPieces(Buffer.alloc(bytes));
  throw new Error("the line was cut");
}

function filesUnder(directory: string): string[] {
  return readdirSync(directory, { recursive: true }).map(String);
}
