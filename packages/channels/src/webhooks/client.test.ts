import type { LookupAddress } from "node:dns";
import { type Behaviour, givenReceiver } from "@reminder-app/testing/given-receiver";
import { givenNameServer } from "@reminder-app/testing/given-name-server";
import { SMTPServer } from "smtp-server";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { type WebhookClient, type WebhookClientOptions, createWebhookClient } from "./client.ts";
import { createResolve } from "./resolve.ts";
import { faultOfTarget } from "./target.ts";

const opened: { close(): unknown }[] = [];
afterEach(() => Promise.all(opened.splice(0).map((one) => one.close())));

async function given(behaviours: readonly Behaviour[], options: Partial<WebhookClientOptions> = {}) {
  const receiver = await givenReceiver(behaviours);
  const client = createWebhookClient({ loopback: true, timeoutMs: 500, ...options });
  opened.push(receiver, client);
  return { receiver, client };
}

const post = (client: WebhookClient, url: string) => client.post({ url, headers: { "x-test": "1" }, body: "{}" });

/** Names that lead where a test says: each look-up to the next address. */
function names(...leads: readonly (readonly string[])[]) {
  const asked: string[] = [];
  const resolve: WebhookClientOptions["resolve"] = (host, _options, done) => {
    const found = leads[Math.min(asked.length, leads.length - 1)] ?? [];
    asked.push(host);
    done(
      null,
      found.map((address): LookupAddress => ({ address, family: address.includes(":") ? 6 : 4 })),
    );
  };
  return { asked, resolve };
}

test("a post arrives as it is, and its status is the answer (J10)", async () => {
  const { receiver, client } = await given([204, 500]);
  expect(await post(client, receiver.url)).toMatchObject({ status: 204 });
  expect(await post(client, receiver.url)).toMatchObject({ status: 500 });
  expect(receiver.received[0]).toMatchObject({ path: "/hooks", body: "{}", headers: { "x-test": "1" } });
});

test("a redirect is not followed (S40)", async () => {
  const elsewhere = await givenReceiver();
  opened.push(elsewhere);
  const { receiver, client } = await given([(res) => res.writeHead(307, { location: elsewhere.url }).end()]);
  expect(await post(client, receiver.url)).toMatchObject({ status: 307 });
  expect(elsewhere.received).toEqual([]);
});

test("a receiver that hangs is given up, one that sends without end is cut off at 64 KiB (S40)", async () => {
  let sent = 0;
  const flood: Behaviour = (res) => {
    res.writeHead(200);
    const more = () => {
      while (!res.destroyed && res.write(Buffer.alloc(16_384))) sent += 16_384;
    };
    res.on("drain", more).on("error", () => {});
    more();
  };
  const { receiver, client } = await given([() => {}, flood]);
  expect(await post(client, receiver.url)).toEqual({ problem: "timeout" });
  expect(await post(client, receiver.url)).toMatchObject({ status: 200 });
  // What was on its way in the buffers of both sides comes on top.
  expect(sent).toBeLessThan(16 * 1024 * 1024);
});

test("who is away is unreachable, and Retry-After is passed on (J10)", async () => {
  const { receiver, client } = await given([(res) => res.writeHead(503, { "retry-after": "120" }).end()]);
  const answer = await post(client, receiver.url);
  expect("retryAt" in answer && answer.retryAt!.getTime() > Date.now() + 60_000).toBe(true);
  receiver.close();
  expect(await post(client, receiver.url)).toEqual({ problem: "unreachable" });
});

test("no connection is made to this machine or a private network, whatever the name says (S40)", async () => {
  const { receiver, client } = await given([], { loopback: false });
  const hosts = ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "10.0.0.7", "169.254.169.254"];
  for (const target of hosts.flatMap((host) => [`http://${host}`, `https://${host}`]))
    expect([target, await post(client, `${target}:${receiver.port}/`)]).toEqual([target, { problem: "not_allowed" }]);
  expect(receiver.connections()).toBe(0);
});

test("a name that leads to any address which is not public gets no connection (S40)", async () => {
  for (const found of [["127.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["192.168.1.1"], ["fd00::1"], []]) {
    const { receiver, client } = await given([], { loopback: false, resolve: names(found).resolve });
    expect(await post(client, `https://hooks.example:${receiver.port}/`)).toEqual({ problem: "not_allowed" });
    expect(receiver.connections()).toBe(0);
  }
});

test("a name that changes what it means is followed to the address that was checked, or not at all (S40)", async () => {
  // Rebinding: allowed when it is asked for first, and another address whenever it is asked for again.
  const dns = await givenNameServer("127.0.0.1", "10.0.0.7");
  opened.push(dns);
  const resolve = createResolve([dns.server]);
  const { receiver, client } = await given([], { resolve });
  expect(await post(client, `http://hooks.example:${receiver.port}/`)).toMatchObject({ status: 200 });
  expect([dns.asked(), receiver.connections()]).toEqual([1, 1]);
  const { client: later } = await given([], { resolve });
  expect(await post(later, `http://hooks.example:${receiver.port}/`)).toEqual({ problem: "not_allowed" });
});

test("a name that does not exist is unreachable, and a name server that is silent is not waited for (S40)", async () => {
  const dns = await givenNameServer();
  const { client } = await given([], { resolve: createResolve([dns.server]) });
  expect(await post(client, "https://nowhere.example/")).toEqual({ problem: "unreachable" });
  const silent = await givenReceiver();
  opened.push(dns, silent);
  const { client: waiting } = await given([], { resolve: createResolve([`127.0.0.1:${silent.port}`]) });
  const answer = await post(waiting, "https://nowhere.example/");
  expect(["timeout", "unreachable"]).toContain("problem" in answer && answer.problem);
});

test("a server that nobody vouches for gets nothing (S40)", async () => {
  // Its built-in certificate is signed by itself.
  const server = new SMTPServer({ secure: true });
  server.on("error", () => {}); // the handshake that the client breaks off
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.server.address() as AddressInfo;
  const { client } = await given([]);
  expect(await post(client, `https://127.0.0.1:${port}/`)).toEqual({ problem: "unreachable" });
  await new Promise<void>((resolve) => server.close(resolve));
});

test("by http nothing leaves this machine (S40)", async () => {
  const { client } = await given([], { resolve: names(["8.8.8.8"]).resolve });
  expect(await post(client, "http://hooks.example/")).toEqual({ problem: "not_allowed" });
});

test("an endpoint's address is refused with what would be right (S40)", () => {
  const strict = { loopback: false };
  const fault = (address: string) => faultOfTarget(address, strict);
  expect(fault("https://firm.example/hooks?x=1")).toBeUndefined();
  expect(fault("http://firm.example/hooks")).toBe("must start with https://");
  expect(fault("ftp://firm.example")).toBe("must start with https://");
  expect(fault("firm.example")).toMatch(/^must be an address/);
  expect(fault("https://user:pw@firm.example")).toMatch(/^must not have a user/);
  expect(fault("https://firm.example/#part")).toMatch(/^must not have a part/);
  for (const host of ["127.0.0.1", "localhost", "[::1]", "10.1.2.3", "169.254.169.254", "0x7f.1", "2130706433"])
    expect([host, fault(`https://${host}/`)]).toEqual([host, "must be a server on the public internet"]);
  expect(faultOfTarget("http://127.0.0.1:8025/hooks/a", { loopback: true })).toBeUndefined();
  expect(faultOfTarget("http://firm.example/", { loopback: true })).toBe("must start with https://");
});
