import { DAY_MS, HOUR_MS } from "@reminder-app/platform/clock";
import { aContact, givenBusiness } from "@reminder-app/testing/given-business";
import { readAccountMail } from "@reminder-app/testing/given-mailbox";
import { expect, test } from "vitest";
import { changeContact } from "../clients/change-contacts.ts";
import { pageTasks } from "../tasks/page-tasks.ts";
import { askForLink } from "./ask-again.ts";
import { linkVisitRepo } from "./link-visits.repo.ts";
import { makePageLink } from "./make-link.ts";
import { openLink } from "./open-link.ts";
import { revokeLink } from "./revoke-links.ts";
import { stopChannels } from "./change-preferences.ts";

async function givenExpired(contact: object = {}, days = 10) {
  const shop = await givenBusiness();
  const client = await shop.client({ contacts: [aContact(contact)] });
  const contactId = client.contacts[0]!.id;
  const { token, link } = await makePageLink(shop.ctx, client.id, { contactId, days });
  const opened = () => openLink(shop.system, token, "page");
  const email = client.contacts[0]!.addresses.email ?? "";
  shop.clock.advance(10 * DAY_MS);
  return {
    shop,
    client,
    contactId,
    link,
    email,
    opened,
    ask: async () => askForLink(await opened(), "203.0.113.0"),
    mails: () => readAccountMail(shop.system, email),
    tasks: async () => {
      const query = { state: "open", clientId: client.id, limit: 10 } as const;
      return (await pageTasks(shop.ctx, query)).items.map(({ kind, count }) => `${kind} ${count}`);
    },
  };
}

test("whoever has an expired link gets a new one by the address on file, in their language (G1)", async () => {
  const { shop, ask, mails, contactId, tasks } = await givenExpired({ locale: "de-AT" });
  expect(await ask()).toBeDefined();
  const [mail] = await mails();
  expect(mail?.subject).toBe("Ihr neuer Link von Ledger & Sons");
  const token = /\/p\/([\w-]{43})\s/.exec(mail?.text ?? "")?.[1] ?? "";
  const renewed = await openLink(shop.system, token, "page");
  expect([renewed.standing, renewed.contact?.id]).toEqual(["good", contactId]);
  expect(await tasks()).toEqual([]);
});

test.each([
  ["there is no e-mail address on file", async () => givenExpired({ addresses: { sms: "+442079460321" } })],
  [
    "no mail may go there",
    async () => {
      const given = await givenExpired();
      await stopChannels({ ...(await given.opened()) }, ["email"], "203.0.113.0");
      return given;
    },
  ],
  [
    "staff took the link away",
    async () => {
      const given = await givenExpired();
      await revokeLink(given.shop.ctx, given.client.id, given.link.id);
      return given;
    },
  ],
])("staff get a task where %s, and nothing is mailed (G1)", async (_what, given) => {
  const { ask, tasks } = await given();
  expect(await ask()).toBeUndefined();
  expect(await tasks()).toEqual(["link_asked 1"]);
});

test("the new link goes to the address that is on file when it is asked for, and to no former one (G1)", async () => {
  const { shop, ask, mails, client, contactId } = await givenExpired();
  const next = `new.${contactId}@clients.example`;
  await changeContact(shop.ctx, { clientId: client.id, contactId }, { addresses: { email: next } });
  await ask();
  expect(await mails()).toEqual([]);
  expect(await readAccountMail(shop.system, next)).toHaveLength(1);
});

test("who asks again and again gets three letters an hour, whatever they do (G1, S26)", async () => {
  const { shop, ask, link, opened } = await givenExpired();
  const asked = await Promise.all(Array.from({ length: 8 }, ask));
  expect(asked.filter((id) => id !== undefined)).toHaveLength(3);
  shop.clock.advance(HOUR_MS + 1);
  expect(await ask()).toBeDefined();
  const { ctx } = await opened();
  expect(await linkVisitRepo(ctx).page(link.id, { limit: 10 })).toHaveLength(4);
});

test("a link that opens is not sent again (G1)", async () => {
  const { ask, tasks } = await givenExpired({}, 11);
  expect(await ask()).toBeUndefined();
  expect(await tasks()).toEqual([]);
});
