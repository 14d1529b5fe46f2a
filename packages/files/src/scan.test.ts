import { once } from "node:events";
import { type AddressInfo, type Server, type Socket, createServer } from "node:net";
import { Readable } from "node:stream";
import { afterEach, expect, test } from "vitest";
import { createScanner } from "./scan.ts";

const servers: Server[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));

/** A scanner over a clamd that does `answer` with each connection. */
async function givenScanner(answer: (socket: Socket) => void, timeoutMs = 5_000) {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    answer(socket);
  }).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return createScanner({ CLAMD_URL: `tcp://127.0.0.1:${port}` }, timeoutMs);
}

const content = () => Readable.from([Buffer.from("figures "), Buffer.from("of March")]);
/** Once all was sent. */
const atEnd = (reply: string) => (socket: Socket) => {
  socket.on("data", (chunk) => {
    if (chunk.subarray(-4).equals(Buffer.alloc(4))) socket.end(reply);
  });
};

test("a file goes to clamd in pieces with their lengths before them (G3)", async () => {
  const got: Buffer[] = [];
  const scanner = await givenScanner((socket) => {
    socket.on("data", (chunk) => got.push(chunk));
    atEnd("stream: OK\0")(socket);
  });
  expect(await scanner?.scan(content())).toBeUndefined();
  expect(Buffer.concat(got).toString("latin1")).toBe("zINSTREAM\0\0\0\0\bfigures \0\0\0\bof March\0\0\0\0");
});

test("what clamd finds is named (G3)", async () => {
  const scanner = await givenScanner(atEnd("stream: Win.Test.EICAR_HDB-1 FOUND\0"));
  expect(await scanner?.scan(content())).toBe("Win.Test.EICAR_HDB-1");
});

test.each<[string, (socket: Socket) => void]>([
  ["that says nothing", () => {}],
  ["that hangs up", (socket) => socket.destroy()],
  ["that takes no more", atEnd("INSTREAM size limit exceeded. ERROR\0")],
  ["that says something else", atEnd("stream: OKAY\0")],
  ["that answers half a sentence", atEnd("stream: ")],
])("a file is not taken for clean with a clamd %s (G3)", async (_what, answer) => {
  const scanner = await givenScanner(answer, 500);
  await expect(scanner?.scan(content())).rejects.toMatchObject({ code: "provider_unavailable" });
});

test("a file is not taken for clean where no clamd is there (G3)", async () => {
  const scanner = createScanner({ CLAMD_URL: "tcp://127.0.0.1:1" });
  await expect(scanner?.scan(content())).rejects.toMatchObject({ code: "provider_unavailable" });
});

test("without an address nobody looks for viruses (G3)", () => {
  expect(createScanner({ CLAMD_URL: undefined })).toBeUndefined();
});
