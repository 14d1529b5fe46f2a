import { DAY_MS } from "@reminder-app/platform/clock";
import { type GivenBusiness, givenBusiness } from "@reminder-app/testing/given-business";
import { expect, test } from "vitest";
import { archiveClient } from "../clients/archive-client.ts";
import { archiveContact } from "../clients/change-contacts.ts";
import { businessRepo } from "../businesses/businesses.repo.ts";
import { MakeLinkInput, makePageLink } from "./make-link.ts";
import { openLink } from "./open-link.ts";
import { pageLinks } from "./page-links.ts";
import { revokeAllLinks, revokeLink } from "./revoke-links.ts";

async function givenLink(input: object = {}) {
  const shop = await givenBusiness();
  const client = await shop.client();
  const contactId = client.contacts[0]!.id;
  const { token, link } = await makePageLink(shop.ctx, client.id, MakeLinkInput.parse({ contactId, ...input }));
  return { shop, client, contactId, token, link, standing: () => standingOf(shop, token) };
}

const standingOf = async ({ system }: GivenBusiness, token: string) => (await openLink(system, token, "page")).standing;

test("a link opens for as long as was said, and not a day longer (G1, S26)", async () => {
  const { shop, standing } = await givenLink({ days: 30 });
  shop.clock.advance(30 * DAY_MS - 1);
  expect(await standing()).toBe("good");
  shop.clock.advance(1);
  expect(await standing()).toBe("expired");
});

test("a link that is taken away opens nothing; the client's others still do (G1, S26)", async () => {
  const { shop, client, contactId, link, standing } = await givenLink();
  const other = await makePageLink(shop.ctx, client.id, { contactId, days: 10 });
  await revokeLink(shop.ctx, client.id, link.id);
  await revokeLink(shop.ctx, client.id, link.id);
  expect([await standing(), await standingOf(shop, other.token)]).toEqual(["closed", "good"]);
  expect(await revokeAllLinks(shop.ctx, client.id)).toEqual({ revoked: 1 });
  expect(await standingOf(shop, other.token)).toBe("closed");
  expect(await shop.auditTrail()).toEqual([
    "client.created",
    "link.made",
    "link.made",
    "link.revoked",
    "link.all_revoked",
  ]);
});

test.each([
  [
    "the contact was put away",
    ({ shop, client, contactId }) => archiveContact(shop.ctx, { clientId: client.id, contactId }),
  ],
  ["the client was put away", ({ shop, client }) => archiveClient(shop.ctx, client.id)],
  ["the business may not send", ({ shop }) => businessRepo(shop.ctx).update({ status: "suspended" })],
] as readonly [string, (given: Awaited<ReturnType<typeof givenLink>>) => Promise<unknown>][])(
  "a link does not open once %s (S26)",
  async (_what, change) => {
    const given = await givenLink();
    expect(await given.standing()).toBe("good");
    await change(given);
    expect(await given.standing()).toBe("closed");
  },
);

test("a link is bound to its purpose, and a token that is not whole is none (S26, S43)", async () => {
  const { shop, token } = await givenLink();
  const lastBitsSpare = token.slice(0, -1) + String.fromCharCode(token.charCodeAt(42) + 1);
  for (const [wrong, purpose] of [
    [token, "calendar"],
    [token, "document"],
    [token.slice(0, -1), "page"],
    [`${token}A`, "page"],
    [lastBitsSpare, "page"],
    ["A".repeat(43), "page"],
    ["%00", "page"],
  ] as const)
    await expect(openLink(shop.system, wrong, purpose)).rejects.toMatchObject({ code: "not_found" });
});

test("links are listed without their secrets, and those of another business do not exist (S26, S20)", async () => {
  const { shop, client, link, token } = await givenLink();
  const listed = await pageLinks(shop.ctx, client.id, { limit: 10 });
  expect(listed.items.map(({ id }) => id)).toEqual([link.id]);
  expect(JSON.stringify(listed)).not.toContain(token);
  const rival = await givenBusiness();
  await expect(pageLinks(rival.ctx, client.id, { limit: 10 })).rejects.toMatchObject({ code: "not_found" });
  await expect(revokeLink(rival.ctx, client.id, link.id)).rejects.toMatchObject({ code: "not_found" });
  expect(await standingOf(shop, token)).toBe("good");
});

test("a link of a test business goes by its own clock (J12, G1)", async () => {
  const shop = await givenBusiness({ mode: "test", clockAt: new Date("2031-01-01T00:00:00Z") });
  const client = await shop.client();
  const ctx = { ...shop.ctx, now: () => new Date("2031-01-01T00:00:00Z"), real: shop.ctx.now };
  const { token } = await makePageLink(ctx, client.id, { days: 1 });
  expect(await standingOf(shop, token)).toBe("good");
  await businessRepo(shop.ctx).update({ clockAt: new Date("2031-01-02T00:00:00Z") });
  expect(await standingOf(shop, token)).toBe("expired");
});
