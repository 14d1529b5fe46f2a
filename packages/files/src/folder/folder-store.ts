import { randomBytes } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { NotFoundError } from "@reminder-app/platform/errors";
import { countBytes } from "../count-bytes.ts";
import type { FileStore } from "../file-store.ts";
import { requireKey } from "../require-key.ts";

/** Only the user who runs us may look at clients' files. */
const PRIVATE_FOLDER = 0o700;
const PRIVATE_FILE = 0o600;

/** Files in a folder on disk: a file comes under its key only once it is whole and on the disk. */
export function createFolderStore(folder: string): FileStore {
  const root = resolve(folder);
  const pathOf = (key: string) => join(root, requireKey(key));
  return {
    async write(key, content) {
      const path = pathOf(key);
      await mkdir(dirname(path), { recursive: true, mode: PRIVATE_FOLDER });
      return writeWhole(path, content);
    },

    async read(key) {
      try {
        return (await open(pathOf(key))).createReadStream();
      } catch (error) {
        throw isAbsent(error) ? new NotFoundError("File", key) : error;
      }
    },

    async remove(key) {
      await rm(pathOf(key), { force: true });
    },

    async close() {},
  };
}

async function writeWhole(path: string, content: Readable): Promise<{ bytes: number }> {
  const unfinished = `${path}.${randomBytes(6).toString("hex")}.part`;
  const counter = countBytes();
  try {
    const file = await open(unfinished, "wx", PRIVATE_FILE);
    await pipeline(content, counter, file.createWriteStream({ flush: true }));
    await rename(unfinished, path);
    return { bytes: counter.bytes };
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
