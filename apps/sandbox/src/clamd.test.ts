import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { givenSandbox } from "./given-sandbox.ts";

const eicar = ["X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR", "-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"].join("");

/** What clamd answers to these pieces. */
async function scan(url: string, ...pieces: readonly string[]): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write("zINSTREAM\0");
  for (const piece of [...pieces, ""]) {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(piece.length);
    socket.write(Buffer.concat([length, Buffer.from(piece)]));
  }
  return text(socket);
}

test("the sandbox's virus scanner finds the EICAR file, also across pieces, and nothing else (G3)", async () => {
  const sandbox = await givenSandbox({ clamdPort: 0 });
  const url = sandbox.clamdUrl ?? "";
  expect(await scan(url, "figures ", "of March")).toBe("stream: OK\0");
  expect(await scan(url)).toBe("stream: OK\0");
  expect(await scan(url, `before ${eicar.slice(0, 30)}`, `${eicar.slice(30)} after`)).toMatch(/FOUND\0$/);
  await sandbox.close();
});
