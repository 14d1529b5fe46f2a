// A mail server and an SMS API that accept everything and cost little, so that they do not bound what is measured.
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, type Server, type Socket, createServer } from "node:net";
import { p99 } from "../pairs.ts";

let expected = Number.POSITIVE_INFINITY;
let accepted = 0;
let firstAt = 0;
/** When all was due, where it was at one instant; then it counts how late each comes. */
let dueAt: number | undefined;
let lags: number[] = [];

function accept(): number {
  accepted += 1;
  if (accepted === 1) firstAt = performance.now();
  if (dueAt !== undefined) lags.push(Date.now() - dueAt);
  if (accepted === expected) process.send?.({ ms: performance.now() - firstAt, p99Ms: p99(lags) });
  return accepted;
}

const endOfMail = Buffer.from("\r\n.\r\n");

function serveMail(socket: Socket): void {
  let tail: Buffer | undefined;
  socket.setNoDelay(true).on("error", () => socket.destroy());
  socket.write("220 sink\r\n");
  socket.on("data", (chunk) => {
    if (tail) {
      const seen = Buffer.concat([tail, chunk]);
      tail = seen.subarray(-endOfMail.length);
      if (!tail.equals(endOfMail)) return;
      tail = undefined;
      socket.write(`250 queued as ${accept()}\r\n`);
      return;
    }
    const command = chunk.toString("latin1", 0, 4).toUpperCase();
    if (command === "DATA") {
      tail = Buffer.alloc(0);
      socket.write("354 go on\r\n");
    } else if (command === "QUIT") socket.end("221 bye\r\n");
    else socket.write(command === "EHLO" ? "250-sink\r\n250 8BITMIME\r\n" : "250 ok\r\n");
  });
}

const mail = createServer(serveMail);
const sms = createHttpServer((request, response) => {
  request.resume().once("end", () => {
    const sid = `SM${String(accept()).padStart(32, "0")}`;
    const body = JSON.stringify({ sid, status: "queued", direction: "outbound-api", num_segments: "1", price: null });
    response.writeHead(201, { "content-type": "application/json" }).end(body);
  });
});

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

process.on("message", (message) => {
  if (typeof message !== "object" || message === null || !("expect" in message)) return;
  expected = Number(message.expect);
  accepted = 0;
  lags = [];
  dueAt = "dueAt" in message ? Number(message.dueAt) : undefined;
  process.send?.({ counting: true });
});
process.once("disconnect", () => process.exit());
process.once("SIGTERM", () => process.exit());
process.send?.({ smtpPort: await portOf(mail), smsPort: await portOf(sms) });
