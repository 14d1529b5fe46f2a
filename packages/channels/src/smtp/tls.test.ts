import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import { expect, test } from "vitest";
import { createSmtpChannel } from "./channel.ts";

const message = {
  deliveryId: "delivery-1",
  token: "attempt-1",
  to: "anna@client.example",
  senderName: "Groß",
  content: { subject: "Invoice", text: "Please pay.", html: "" },
};

test.each([
  ["from the start", true, "smtps"],
  ["by STARTTLS", false, "smtp"],
])(
  "with TLS %s, a server that nobody vouches for gets nothing, unless that is configured (C8)",
  async (_name, secure, scheme) => {
    const logins: string[] = [];
    // Its built-in certificate is signed by itself.
    const server = new SMTPServer({
      secure,
      onAuth({ username, password }, session, done) {
        logins.push(`${username}:${password}:${session.secure}`);
        done(null, { user: username });
      },
      onData: (stream, _session, done) => void stream.resume().on("end", () => done(null)),
    });
    server.on("error", () => {}); // the handshake that the client breaks off
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `${scheme}://app:p%40ss@127.0.0.1:${(server.server.address() as AddressInfo).port}`;

    expect(await sendOnce(url)).toMatchObject({ kind: "throttled", code: "unreachable" });
    expect(logins).toEqual([]);
    expect(await sendOnce(`${url}?tls.rejectUnauthorized=false`)).toMatchObject({ kind: "accepted" });
    expect(logins).toEqual(["app:p@ss:true"]);

    await new Promise<void>((resolve) => server.close(() => resolve()));
  },
);

async function sendOnce(url: string) {
  const channel = createSmtpChannel({ url, from: "reminders@firm.example", timeoutMs: 10_000 });
  const result = await channel.send(message, new AbortController().signal);
  await channel.close();
  return result;
}
