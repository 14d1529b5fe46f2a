import { testSettings } from "@reminder-app/testing/test-settings";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AddressInfo } from "node:net";
import { createAccountChannel } from "../registry.ts";

let server: SMTPServer;
let connections = 0;
beforeAll(async () => {
  server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    allowInsecureAuth: true,
    onConnect: (_session, done) => {
      connections += 1;
      done();
    },
    onAuth: (_auth, _session, done) => done(null, { user: "firm" }),
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => new Promise<void>((resolve) => server.close(resolve)));

function channelTo(host: string, changes: object) {
  const { port } = server.server.address() as AddressInfo;
  const account = {
    provider: "smtp" as const,
    host,
    port,
    security: "starttls" as const,
    user: "firm",
    password: "password",
    from: "office@firm.example",
  };
  return createAccountChannel(account, { ...testSettings(), ...changes });
}

const message = {
  deliveryId: "d-1",
  token: "t-1",
  to: "anna@client.example",
  senderName: "Firm",
  content: { subject: "Hello", text: "Hello", html: "" },
};

test.each(["127.0.0.1", "localhost", "2130706433", "127.1", "169.254.169.254"])(
  "in production no connection is made to a business's mail server at %s (S22, S40)",
  async (host) => {
    const channel = channelTo(host, { APP_ENV: "production" });
    const before = connections;
    const result = await channel.send(message, AbortSignal.timeout(5_000));
    expect(result).toMatchObject({
      kind: "throttled",
      code: "unreachable",
      reason: expect.stringMatching(/not a server on the public internet|ENOTFOUND/),
    });
    expect(connections).toBe(before);
    await channel.close();
  },
);

test("for tests and development the same server is reached (S22)", async () => {
  const channel = channelTo("localhost", {});
  expect(await channel.send(message, AbortSignal.timeout(5_000))).toMatchObject({ kind: "accepted" });
  await channel.close();
});
