import { read } from "node:fs";
import { promisify } from "node:util";

const readAt = promisify(read);

/** The first bytes of an open file. */
export async function readHead(fd: number, most: number): Promise<Buffer> {
  const head = Buffer.alloc(most);
  const { bytesRead } = await readAt(fd, head, 0, most, 0);
  return head.subarray(0, bytesRead);
}
