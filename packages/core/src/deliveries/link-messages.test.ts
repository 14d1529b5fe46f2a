import { type GivenBusiness, givenBusiness } from "@reminder-app/testing/given-business";
import {
  accepted,
  ambiguous,
  delivererFor,
  givenDue,
  scriptedChannel,
  timing,
} from "@reminder-app/testing/given-delivery";
import { DAY_MS } from "@reminder-app/platform/clock";
import type { Id } from "@reminder-app/platform/ids";
import { expect, test } from "vitest";
import { clientLinkRepo } from "../links/client-links.repo.ts";
import { linkVisitRepo } from "../links/link-visits.repo.ts";
import { openLink } from "../links/open-link.ts";
import { revokeAllLinks } from "../links/revoke-links.ts";

const naming = { body: "Dear {{ contact.first_name }}, see {{ link }}" };
const linkIn = (text: string | undefined) => /\/p\/([\w-]{43})/.exec(text ?? "")?.[1] ?? "";
const linksOf = ({ ctx }: GivenBusiness, clientId: Id<"Client">) => clientLinkRepo(ctx).page(clientId, { limit: 10 });
const refusedForNow = { kind: "throttled", code: "unreachable", reason: "away" } as const;

test("a message that names the link leads to the page of whom it goes to (I1, G1)", async () => {
  const shop = await givenBusiness();
  const clients = [await shop.client(), await shop.client({ name: "Okafor" })];
  const { deliveries } = await givenDue(shop, clients, naming);
  const { channel, calls } = scriptedChannel([accepted, accepted]);
  const deliver = delivererFor(shop, channel);
  await Promise.all(deliveries.map(deliver));
  for (const { content, deliveryId } of calls) {
    const opened = await openLink(shop.system, linkIn(content.text), "page");
    const delivery = deliveries.find(({ id }) => id === (deliveryId as Id<"Delivery">));
    expect([opened.standing, opened.clientId, opened.contact?.id]).toEqual([
      "good",
      delivery?.clientId,
      delivery?.contactId,
    ]);
  }
  for (const { id } of clients) expect(await linksOf(shop, id)).toHaveLength(1);
});

test("every attempt of a message carries the same link, and so does the next message (G1, C10)", async () => {
  const shop = await givenBusiness();
  const client = await shop.client();
  const { deliveries } = await givenDue(shop, [client], naming);
  const { channel, calls } = scriptedChannel([ambiguous, refusedForNow, accepted, accepted]);
  const deliver = delivererFor(shop, channel);
  for (let step = 0; step < 6 && calls.length < 3; step += 1) {
    await deliver(deliveries[0]!);
    shop.clock.advance(timing.retryBaseMs.email * 8);
  }
  shop.clock.advance(80 * DAY_MS);
  const later = await givenDue(shop, [client], { ...naming, name: "Another" });
  await deliver(later.deliveries[0]!);
  expect(calls).toHaveLength(4);
  expect(new Set(calls.map(({ content }) => linkIn(content.text))).size).toBe(1);
  expect(await linksOf(shop, client.id)).toHaveLength(1);
});

test("a link with less than half of its time left, or one that was taken away, is not sent again (G1)", async () => {
  const shop = await givenBusiness();
  const client = await shop.client();
  const { channel, calls } = scriptedChannel([accepted, accepted, accepted]);
  const deliver = delivererFor(shop, channel);
  const send = async (name: string) => {
    const { deliveries } = await givenDue(shop, [client], { ...naming, name });
    await deliver(deliveries[0]!);
  };
  await send("first");
  shop.clock.advance(91 * DAY_MS);
  await send("second");
  await revokeAllLinks(shop.ctx, client.id);
  await send("third");
  const tokens = calls.map(({ content }) => linkIn(content.text));
  expect(new Set(tokens).size).toBe(3);
  const standing = await Promise.all(
    tokens.map(async (token) => (await openLink(shop.system, token, "page")).standing),
  );
  expect(standing).toEqual(["closed", "closed", "good"]);
});

test("a text that does not name the link makes none (G1)", async () => {
  const shop = await givenBusiness();
  const { deliveries } = await givenDue(shop, undefined, { body: "No link here, {{ contact.first_name }}" });
  const { channel, calls } = scriptedChannel([accepted]);
  await delivererFor(shop, channel)(deliveries[0]!);
  expect(calls).toHaveLength(1);
  expect(await linksOf(shop, deliveries[0]!.clientId)).toEqual([]);
});

test("what became of a message with a link is asked by the text that it had (G1, C10)", async () => {
  const shop = await givenBusiness();
  const { deliveries } = await givenDue(shop, undefined, naming);
  const asked: string[] = [];
  const { channel, calls } = scriptedChannel([ambiguous], {
    policy: "ask",
    sent: async ({ text }) => {
      asked.push(text);
      return [{ providerMessageId: "p-1", sentAt: shop.clock.now() }];
    },
  });
  const deliver = delivererFor(shop, channel);
  await deliver(deliveries[0]!);
  shop.clock.advance(timing.verifyMs);
  await deliver(deliveries[0]!);
  expect(asked).toEqual([calls[0]?.content.text]);
});

test("a link's secret is not stored, and nothing is noted of it while it is sent (S26)", async () => {
  const shop = await givenBusiness();
  const { deliveries } = await givenDue(shop, undefined, naming);
  const { channel, calls } = scriptedChannel([accepted]);
  await delivererFor(shop, channel)(deliveries[0]!);
  const token = linkIn(calls[0]?.content.text);
  const [link] = await linksOf(shop, deliveries[0]!.clientId);
  expect(token).toHaveLength(43);
  expect(JSON.stringify(link)).not.toContain(token);
  expect(await linkVisitRepo(shop.ctx).page(link!.id, { limit: 10 })).toEqual([]);
});
