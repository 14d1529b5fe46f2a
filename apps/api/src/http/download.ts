import { extname } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Logger } from "@reminder-app/platform/log";
import type { Response } from "express";
import type { Reply, ServedFile } from "./endpoint.ts";
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

/**
 * Answer with a stored file, to be saved: whatever is in it, no browser shows it or runs it as a page of ours. What
 * breaks on the way cuts the answer off.
 */
export async function sendFile(res: Response, { fileName, bytes, content }: ServedFile, log: Logger): Promise<void> {
  res.attachment(fileName).set({
    "Content-Type": "application/octet-stream",
    "Content-Length": String(bytes),
    "Content-Security-Policy": "default-src 'none'; sandbox",
  });
  if (res.req.method === "HEAD") {
    content.destroy();
    return void res.end();
  }
  await pipeline(content, res).catch((error: unknown) =>
    log.warn({ request: requestIdOf(res), error }, "a download was cut off"),
  );
}

async function* after(first: IteratorResult<string>, rest: AsyncIterator<string>): AsyncGenerator<string> {
  for (let piece = first; !piece.done; piece = await rest.next()) yield piece.value;
}
