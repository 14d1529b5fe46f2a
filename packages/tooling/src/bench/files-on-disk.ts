import { createReadStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { startImport } from "@reminder-app/core/imports/start-import";

/** The files of a bench, in one folder. */
export function filesOnDisk(folder: string): Parameters<typeof startImport>[2]["files"] {
  const pathOf = (key: string) => join(folder, key.replaceAll("/", "_"));
  return {
    async write(key, content) {
      await writeFile(pathOf(key), content);
      return { bytes: 1 };
    },
    read: (key) => Promise.resolve(createReadStream(pathOf(key))),
    remove: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}
