import type { Id } from "@reminder-app/platform/ids";
import { type GivenBusiness, aContact, givenBusiness } from "@reminder-app/testing/given-business";
import { accepted, delivererFor, givenDue, ring, scriptedChannel } from "@reminder-app/testing/given-delivery";
import { keptEvents, listen } from "@reminder-app/testing/given-webhooks";
import { expect, test } from "vitest";
import { AssignClientsInput, assignClients } from "../assignments/assign-clients.ts";
import { assignmentRepo } from "../assignments/assignments.repo.ts";
import { archiveClient, restoreClient } from "../clients/archive-client.ts";
import { getClient } from "../clients/get-client.ts";
import { pageClients, PageClientsQuery } from "../clients/page-clients.ts";
import { suppressByHand } from "../consent/suppress-by-hand.ts";
import { PageDeliveriesQuery, pageDeliveries } from "../deliveries/page-deliveries.ts";
import { findClients } from "../imports/find-clients.ts";
import { createPaymentRequest, CreatePaymentRequestInput } from "../payments/create-payment-request.ts";
import { paymentRequestRepo } from "../payments/payment-requests.repo.ts";
import { openTask } from "../tasks/open-task.ts";
import { PageTasksQuery, pageTasks } from "../tasks/page-tasks.ts";
import { createTagRule } from "../tags/create-tag-rule.ts";
import { setClientTags } from "../tags/set-client-tags.ts";
import { PageTimelineQuery, pageTimeline } from "../timeline/page-timeline.ts";
import { mergeClient } from "./merge-client.ts";
import { DuplicatesQuery, pageDuplicates } from "./page-duplicates.ts";

type ClientId = Id<"Client">;
const merge = ({ ctx }: GivenBusiness, to: ClientId, from: ClientId, dryRun = false) =>
  mergeClient(ctx, to, { from, dryRun });
const daily = { kind: "recurring" as const, start: "2027-03-02T09:00", zone: "UTC", rule: "FREQ=DAILY" };
const sentTo = async ({ ctx }: GivenBusiness, clientId: ClientId) =>
  (await pageDeliveries(ctx, PageDeliveriesQuery.parse({ clientId }))).items;
const timelineOf = async ({ ctx }: GivenBusiness, clientId: ClientId) =>
  (await pageTimeline(ctx, clientId, PageTimelineQuery.parse({ limit: 100 }))).items;

async function standing({ ctx }: GivenBusiness, reminderId: Id<"Reminder">) {
  const rows = await assignmentRepo(ctx).page({ reminderId }, { limit: 100 });
  return rows.map(({ clientId, state }) => [clientId, state]);
}

test("what the merged client had is the survivor's, and its history is told with the survivor's (F6)", async () => {
  const shop = await givenBusiness();
  const [to, from] = [await shop.client({ name: "Hill" }), await shop.client({ name: "Hill Ltd", externalId: "C-1" })];
  const { deliveries, reminder } = await givenDue(shop, [from], { schedule: daily });
  const { channel } = scriptedChannel([accepted]);
  await delivererFor(shop, channel)(deliveries[0]!);
  await setClientTags(shop.ctx, from.id, { tags: ["VAT"] });
  await openTask(shop.ctx, { kind: "exhausted", subject: "a", clientId: from.id });
  const items = [{ description: "Accounts", amount: 1_000 }];
  const owed = CreatePaymentRequestInput.parse({ clientId: from.id, title: "Accounts", items, currency: "GBP" });
  await createPaymentRequest(shop.ctx, owed);

  const told = (await timelineOf(shop, from.id)).map(({ kind }) => kind);
  const merged = await merge(shop, to.id, from.id);
  expect(merged).toMatchObject({
    contacts: 1,
    assignments: 1,
    paymentRequests: 1,
    tasks: 1,
    cancelled: [],
    tags: ["VAT"],
  });
  const survivor = await getClient(shop.ctx, to.id);
  expect(survivor).toMatchObject({ tags: ["VAT"], externalId: "C-1" });
  expect(survivor.contacts.map(({ id }) => id).toSorted()).toEqual(
    [to.contacts[0]!.id, from.contacts[0]!.id].toSorted(),
  );
  expect(await getClient(shop.ctx, from.id)).toMatchObject({
    mergedInto: to.id,
    archivedAt: shop.clock.now(),
    contacts: [],
  });
  expect(await standing(shop, reminder.id)).toEqual([[to.id, "open"]]);
  expect((await sentTo(shop, to.id)).map(({ id, clientId }) => [id, clientId])).toEqual([[deliveries[0]!.id, from.id]]);
  expect((await pageTasks(shop.ctx, PageTasksQuery.parse({ clientId: to.id }))).items).toHaveLength(1);
  expect((await paymentRequestRepo(shop.ctx).page({ clientId: to.id }, { limit: 5 })).length).toBe(1);
  const now = (await timelineOf(shop, to.id)).map(({ kind }) => kind);
  for (const kind of told) expect(now).toContain(kind);
  expect(now).toContain("client_merged");
  expect(now.filter((kind) => kind === "moment")).toHaveLength(1);
});

test("what both are reminded of goes to the survivor alone, and what waits for the other is stopped (F6)", async () => {
  const shop = await givenBusiness();
  const same = aContact();
  const [to, from] = [await shop.client({ contacts: [same] }), await shop.client({ contacts: [same] })];
  const { deliveries, reminder } = await givenDue(shop, [to, from], { schedule: daily });
  expect(deliveries.map(({ state }) => state)).toEqual(["queued", "queued"]);
  const merged = await merge(shop, to.id, from.id);
  expect(merged).toMatchObject({ assignments: 0, inFlight: 0 });
  expect(merged.cancelled).toMatchObject([{ reminderId: reminder.id, period: "" }]);
  expect(await standing(shop, reminder.id)).toEqual([
    [to.id, "open"],
    [from.id, "cancelled"],
  ]);
  const { channel, calls } = scriptedChannel([accepted, accepted]);
  const deliver = delivererFor(shop, channel);
  for (const delivery of deliveries) await deliver(delivery);
  expect(calls).toHaveLength(1);
  expect((await sentTo(shop, to.id)).map(({ state }) => state).toSorted()).toEqual(["accepted", "cancelled"]);
});

test("a message that waits when its client is merged still goes, once (F6)", async () => {
  const shop = await givenBusiness();
  const [to, from] = [await shop.client(), await shop.client()];
  const { deliveries, reminder } = await givenDue(shop, [from], { schedule: daily });
  await merge(shop, to.id, from.id);
  const { channel, calls } = scriptedChannel([accepted, accepted]);
  await delivererFor(shop, channel)(deliveries[0]!);
  expect(calls.map(({ to: address }) => address)).toEqual([from.contacts[0]!.addresses.email]);
  shop.clock.set("2027-03-03T09:00:00Z");
  const after = await ring(shop, { id: reminder.id, nextDueAt: null });
  const second = after.filter(({ dueAt }) => dueAt.toISOString() === "2027-03-03T09:00:00.000Z");
  // Both contacts are the survivor's now.
  expect(second.map(({ clientId, state }) => [clientId, state])).toEqual([
    [to.id, "queued"],
    [to.id, "queued"],
  ]);
});

test("a dry run tells what would happen, and changes nothing (F6)", async () => {
  const shop = await givenBusiness();
  const [to, from] = [await shop.client(), await shop.client()];
  await setClientTags(shop.ctx, from.id, { tags: ["VAT"] });
  const before = [await getClient(shop.ctx, to.id), await getClient(shop.ctx, from.id)];
  expect(await merge(shop, to.id, from.id, true)).toMatchObject({ dryRun: true, contacts: 1, tags: ["VAT"] });
  expect([await getClient(shop.ctx, to.id), await getClient(shop.ctx, from.id)]).toEqual(before);
  expect(await shop.auditTrail()).not.toContain("client.merged");
});

test("merging again changes nothing, and there are no loops, chains or foreign clients (F6, S20)", async () => {
  const [shop, rival] = [await givenBusiness(), await givenBusiness()];
  const [one, two, three] = [await shop.client(), await shop.client(), await shop.client()];
  const theirs = await rival.client();
  await merge(shop, two.id, three.id);
  expect(await merge(shop, two.id, three.id)).toMatchObject({ contacts: 0, assignments: 0 });
  expect((await shop.auditTrail()).filter((action) => action === "client.merged")).toHaveLength(1);
  await expect(merge(shop, one.id, one.id)).rejects.toMatchObject({ code: "validation_failed" });
  await expect(merge(shop, three.id, two.id)).rejects.toMatchObject({ code: "conflict" });
  await expect(merge(shop, one.id, three.id)).rejects.toMatchObject({ code: "conflict" });
  await expect(merge(shop, one.id, theirs.id)).rejects.toMatchObject({ code: "not_found" });
  await expect(merge(shop, theirs.id, one.id)).rejects.toMatchObject({ code: "not_found" });
  await expect(restoreClient(shop.ctx, three.id)).rejects.toMatchObject({ code: "conflict" });
  // What was merged into the second goes on to the first with it.
  await merge(shop, one.id, two.id);
  expect(await getClient(shop.ctx, three.id)).toMatchObject({ mergedInto: one.id });
  expect((await getClient(shop.ctx, one.id)).contacts).toHaveLength(3);
});

test("an archived client's reminders do not begin again by being merged (F6)", async () => {
  const shop = await givenBusiness();
  const [to, from] = [await shop.client(), await shop.client()];
  const reminder = await shop.reminder({ schedule: daily });
  await shop.assign(reminder, from);
  await archiveClient(shop.ctx, from.id);
  await merge(shop, to.id, from.id);
  expect(await standing(shop, reminder.id)).toEqual([[to.id, "cancelled"]]);
});

test("tags put the survivor on the reminders of their rules, and suppressed addresses stay so (F6, F4, S66)", async () => {
  const shop = await givenBusiness();
  const [to, from] = [await shop.client(), await shop.client()];
  const reminder = await shop.reminder({ schedule: daily });
  await createTagRule(shop.ctx, { tag: "VAT", reminderId: reminder.id });
  await setClientTags(shop.ctx, from.id, { tags: ["VAT"] });
  const address = from.contacts[0]!.addresses.email!;
  await suppressByHand(shop.ctx, { channel: "email", address });
  await merge(shop, to.id, from.id);
  expect(await standing(shop, reminder.id)).toEqual([[to.id, "open"]]);
  const moved = (await getClient(shop.ctx, to.id)).contacts.find(({ addresses }) => addresses.email === address);
  expect(moved?.suppressed.email).toMatchObject({ reason: "manual" });
});

test("another period of a reminder goes along, and programs hear of the merge (F6, J10)", async () => {
  const shop = await givenBusiness();
  await listen(shop, ["client.merged"]);
  const [to, from] = [await shop.client(), await shop.client()];
  const reminder = await shop.reminder({ schedule: daily });
  for (const [client, period] of [
    [to, "2026"],
    [from, "2026"],
    [from, "2027"],
  ] as const) {
    const input = AssignClientsInput.parse({ assignments: [{ clientId: client.id, period }] });
    await assignClients(shop.ctx, reminder.id, input);
  }
  const merged = await merge(shop, to.id, from.id);
  expect([merged.assignments, merged.cancelled.map(({ period }) => period)]).toEqual([1, ["2026"]]);
  expect(await keptEvents(shop)).toEqual(["client.merged"]);
});

test("pairs that share an address, an external id or a name are found, what more speaks for first (F6)", async () => {
  const shop = await givenBusiness();
  const same = aContact();
  const one = await shop.client({ name: "Rosewood Bakery Ltd", externalId: "C 1042", contacts: [same] });
  const two = await shop.client({ name: "Rosewood Bakery", externalId: "c1042", contacts: [same] });
  const three = await shop.client({ name: "Director of both", contacts: [same] });
  await shop.client({ name: "Nobody's double" });
  const found = async () => (await pageDuplicates(shop.ctx, DuplicatesQuery.parse({}))).items;
  expect((await found()).map(({ clients, because }) => [clients.map(({ id }) => id), because])).toEqual([
    [
      [one.id, two.id],
      ["same_address", "same_external_id", "similar_name"],
    ],
    [[one.id, three.id], ["same_address"]],
  ]);
  await merge(shop, one.id, two.id);
  expect((await found()).map(({ clients }) => clients[1].id)).toEqual([three.id]);
  expect((await pageClients(shop.ctx, PageClientsQuery.parse({}))).items).toHaveLength(3);
});

test("what a file says of a merged client's external id is about the survivor (F6, F3)", async () => {
  const shop = await givenBusiness();
  const [to, from] = [await shop.client({ externalId: "C-1" }), await shop.client({ externalId: "C-2" })];
  await merge(shop, to.id, from.id);
  const row = { row: 2, client: { name: "Hill", externalId: "c-2" }, tags: [], paused: false };
  const find = await findClients(shop.ctx, [row]);
  expect(find(row)).toMatchObject({ kind: "client", client: { id: to.id } });
});
