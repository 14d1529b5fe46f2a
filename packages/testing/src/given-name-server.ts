import { createSocket } from "node:dgram";
import { once } from "node:events";

const HEADER_BYTES = 12;
const QUESTION_END_BYTES = 4;
const TYPE_A = 1;

/** A name server that leads every name to the next of `addresses` (IPv4), and to the last one from then on. */
export async function givenNameServer(...addresses: readonly string[]) {
  let asked = 0;
  const socket = createSocket("udp4");
  socket.on("message", (query, { port, address }) => {
    const end = query.indexOf(0, HEADER_BYTES) + 1 + QUESTION_END_BYTES;
    const type = query.readUInt16BE(end - QUESTION_END_BYTES);
    const found = type === TYPE_A ? addresses[Math.min(asked, addresses.length - 1)] : undefined;
    if (type === TYPE_A) asked += 1;
    socket.send(answerTo(query.subarray(0, end), found), port, address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return {
    server: `127.0.0.1:${socket.address().port}`,
    asked: () => asked,
    close: () => void socket.close(),
  };
}

/** RFC 1035, section 4: the question again, and an answer that lives for no time where there is one. */
function answerTo(question: Buffer, address: string | undefined): Buffer {
  const header = Buffer.from(question.subarray(0, HEADER_BYTES));
  header.writeUInt16BE(0x8180, 2);
  header.writeUInt16BE(address === undefined ? 0 : 1, 6);
  header.writeUInt16BE(0, 8);
  header.writeUInt16BE(0, 10);
  const body = question.subarray(HEADER_BYTES);
  if (address === undefined) return Buffer.concat([header, body]);
  const record = Buffer.from([
    0xc0,
    HEADER_BYTES,
    0,
    TYPE_A,
    0,
    1,
    0,
    0,
    0,
    0,
    0,
    4,
    ...address.split(".").map(Number),
  ]);
  return Buffer.concat([header, body, record]);
}
