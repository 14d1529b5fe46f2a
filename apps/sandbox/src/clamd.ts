import { type Server, type Socket, createServer } from "node:net";

const COMMAND = "zINSTREAM\0";
const LENGTH_BYTES = 4;
/** As clamd's StreamMaxLength has it. */
const MOST_BYTES = 100 * 1024 * 1024;
/** What every scanner takes for a virus, in two parts, so that none finds it here. */
const EICAR = Buffer.from(["X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR", "-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"].join(""));

/** A stand-in for ClamAV's clamd, which knows INSTREAM and one virus: the EICAR test file, wherever it stands in a file. */
export function createClamd(): Server {
  return createServer((socket) => {
    socket.on("error", () => socket.destroy());
    void answer(socket).then(
      (reply) => socket.end(`${reply}\0`),
      () => socket.destroy(),
    );
  });
}

/** The pieces come with their lengths before them; an empty one ends them. */
async function answer(socket: Socket): Promise<string> {
  const read = readerOf(socket);
  if (String(await read(COMMAND.length)) !== COMMAND) return "UNKNOWN COMMAND";
  let tail: Buffer = Buffer.alloc(0);
  let bytes = 0;
  let isInfected = false;
  for (;;) {
    const length = (await read(LENGTH_BYTES)).readUInt32BE();
    if (length === 0) return isInfected ? "stream: Eicar-Test-Signature FOUND" : "stream: OK";
    bytes += length;
    if (bytes > MOST_BYTES) return "INSTREAM size limit exceeded. ERROR";
    const seen = Buffer.concat([tail, await read(length)]);
    isInfected ||= seen.includes(EICAR);
    tail = seen.subarray(-EICAR.length);
  }
}

/** Reads exactly so many bytes at a time. */
function readerOf(socket: Socket): (bytes: number) => Promise<Buffer> {
  const chunks = socket[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let rest: Buffer = Buffer.alloc(0);
  return async (bytes) => {
    const parts = [rest];
    let have = rest.length;
    while (have < bytes) {
      const next = await chunks.next();
      if (next.done) throw new Error("The connection ended within a piece");
      parts.push(next.value);
      have += next.value.length;
    }
    const all = Buffer.concat(parts);
    rest = all.subarray(bytes);
    return all.subarray(0, bytes);
  };
}
