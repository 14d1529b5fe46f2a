import { delivererFor, givenDue, ring, scriptedChannel } from "@reminder-app/testing/given-delivery";
import { givenBusiness } from "@reminder-app/testing/given-business";
import { aSequence, givenSequence, passDays } from "@reminder-app/testing/given-sequence";
import { newId } from "@reminder-app/platform/ids";
import { expect, test } from "vitest";
import { archiveContact } from "../clients/change-contacts.ts";
import { SendNowInput, sendNow } from "../occurrences/send-now.ts";
import { GetOccurrenceQuery, getOccurrence } from "./get-occurrence.ts";
import { PageOccurrencesQuery, pageOccurrences } from "./page-occurrences.ts";

const whole = GetOccurrenceQuery.parse({});

test("a moment tells each call to the provider, and who of the reminder got no message and why (K6)", async () => {
  const shop = await givenBusiness();
  const [hill, dale] = [await shop.client({ name: "Hill" }), await shop.client({ name: "Dale" })];
  const reminder = await shop.reminder();
  await shop.assign(reminder, hill, dale);
  await archiveContact(shop.ctx, { clientId: dale.id, contactId: dale.contacts[0]!.id });
  const [delivery] = await ring(shop, reminder);
  const { channel } = scriptedChannel([{ kind: "refused", code: "smtp/554", reason: "no" }]);
  await delivererFor(shop, channel)(delivery!);
  const told = await getOccurrence(shop.ctx, delivery!.occurrenceId, whole);
  expect(told).toMatchObject({
    reminderName: "VAT return",
    deliveries: [{ clientName: "Hill", state: "failed", reason: "provider_refused", said: "smtp/554" }],
    without: [{ clientName: "Dale", reason: "no_contact", sentence: "Dale: The client has no contact." }],
  });
  expect(told.deliveries[0]?.sentence).toBe("By email to Ada Hill (Hill): The provider refused it. (smtp/554)");
  expect(told.deliveries[0]?.attempts).toMatchObject([
    { number: 1, state: "refused", code: "smtp/554", sentence: "The provider refused it." },
  ]);
});

test("deliveries of a moment come in pages, and who is not on the reminder is not told of (K6)", async () => {
  const shop = await givenBusiness();
  const clients = await Promise.all([shop.client(), shop.client(), shop.client()]);
  const { reminder } = await givenDue(shop, clients);
  await shop.client();
  const { items } = await pageOccurrences(shop.ctx, reminder.id, PageOccurrencesQuery.parse({}));
  const first = await getOccurrence(shop.ctx, items[0]!.id, GetOccurrenceQuery.parse({ limit: 2 }));
  const second = await getOccurrence(
    shop.ctx,
    items[0]!.id,
    GetOccurrenceQuery.parse({ limit: 2, cursor: first.nextCursor }),
  );
  const reached = [...first.deliveries, ...second.deliveries].map(({ clientId }) => clientId);
  expect(reached.toSorted()).toEqual(clients.map(({ id }) => id).toSorted());
  expect([first.without, second.without, second.nextCursor]).toEqual([[], [], undefined]);
});

test("what was sent by hand to one tells of nobody else (K6)", async () => {
  const shop = await givenBusiness();
  const [hill, dale] = [await shop.client(), await shop.client()];
  const reminder = await shop.reminder();
  await shop.assign(reminder, hill, dale);
  const sent = await sendNow(shop.ctx, reminder.id, SendNowInput.parse({ clientIds: [hill.id] }));
  const told = await getOccurrence(shop.ctx, sent.occurrenceId, whole);
  expect([told.deliveries.map(({ clientId }) => clientId), told.without]).toEqual([[hill.id], []]);
});

test("who works with other clients sees neither a client's step nor what a moment made for them (K6, S20)", async () => {
  const shop = await givenBusiness({ now: "2027-03-01T12:00:00Z" });
  const { reminder } = await givenSequence(shop, aSequence([-2]), { dueOn: "2027-03-05" });
  await passDays(shop, reminder.id, 3);
  const all = await pageOccurrences(shop.ctx, reminder.id, PageOccurrencesQuery.parse({}));
  const limited = { ...shop.ctx, clientsOf: newId<"Member">() };
  expect(all.items).toMatchObject([{ stepId: "t-2", state: "expanded" }]);
  expect((await pageOccurrences(limited, reminder.id, PageOccurrencesQuery.parse({}))).items).toEqual([]);
  await expect(getOccurrence(limited, all.items[0]!.id, whole)).rejects.toMatchObject({ code: "not_found" });
  const { deliveries } = await givenDue(shop);
  const shared = await getOccurrence(limited, deliveries[0]!.occurrenceId, whole);
  expect([shared.deliveries, shared.without]).toEqual([[], []]);
});
