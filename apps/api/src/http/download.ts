import { extname } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Logger } from "@reminder-app/platform/log";
import type { Response } from "express";
import type { Reply } from "./endpoint.ts";
import { requestIdOf } from "./problem.ts";

/**
 * Answer with a text that is made while it is read, no faster than it is. The first piece is awaited before the
 * answer begins, so that a fault in it is still a problem; a later one cuts the answer off.
 */
export async function sendDownload(
  res: Response,
  { fileName, text }: NonNullable<Reply["download"]>,
  log: Logger,
): Promise<void> {
  const pieces = text[Symbol.asyncIterator]();
  const first = await pieces.next();
  res.type(extname(fileName)).attachment(fileName);
  await pipeline(Readable.from(after(first, pieces)), res).catch((error: unknown) =>
    log.warn({ request: requestIdOf(res), error }, "a download was cut off"),
  );
}

async function* after(first: IteratorResult<string>, rest: AsyncIterator<string>): AsyncGenerator<string> {
  for (let piece = first; !piece.done; piece = await rest.next()) yield piece.value;
}
