import { givenBusiness } from "@reminder-app/testing/given-business";
import { aSequence, givenSequence, passDays } from "@reminder-app/testing/given-sequence";
import { expect, test } from "vitest";
import { closeAssignment } from "../assignments/change-assignment.ts";
import { archiveClient } from "../clients/archive-client.ts";
import { allPages } from "../page.ts";
import { pageLateClients } from "./page-late-clients.ts";

const documents = { reminder: { type: "document" as const } };

test("clients whose documents are past due are listed, the longest late first, and nobody else is (K5)", async () => {
  const shop = await givenBusiness({ now: "2027-03-01T12:00:00Z" });
  const sequence = aSequence([3]);
  const given = async (dueOn: string, more = {}) => givenSequence(shop, sequence, { dueOn, ...documents, ...more });
  const [week, day] = [await given("2027-03-08"), await given("2027-03-14")];
  const [today, done, gone] = [await given("2027-03-15"), await given("2027-03-05"), await given("2027-03-05")];
  const payment = await given("2027-03-10", { reminder: { type: "payment" } });
  await closeAssignment(shop.ctx, done.key, "received");
  await archiveClient(shop.ctx, gone.assignment.clientId);
  shop.clock.set("2027-03-15T12:00:00Z");

  const late = async (query: object) => (await pageLateClients(shop.ctx, { limit: 50, ...query })).items;
  expect(await late({ type: "document" })).toMatchObject([
    { id: week.assignment.id, dueOn: "2027-03-08", daysLate: 7, missing: 0, messagesSent: 0, lastMessageAt: null },
    { id: day.assignment.id, dueOn: "2027-03-14", daysLate: 1, clientName: expect.any(String) },
  ]);
  expect((await late({})).map(({ id }) => id)).toEqual([week, payment, day].map(({ assignment }) => assignment.id));
  expect((await late({})).map(({ id }) => id)).not.toContain(today.assignment.id);
});

test("what is late is read page by page and exported whole; work whose steps are used up is late too (K5)", async () => {
  const shop = await givenBusiness({ now: "2027-03-01T12:00:00Z" });
  const made = [];
  for (const dueOn of ["2027-03-03", "2027-03-02", "2027-03-02"])
    made.push(await givenSequence(shop, aSequence([1]), { dueOn, ...documents }));
  await passDays(shop, made[0]!.reminder.id, 5);
  const [third, ...firsts] = made.map(({ assignment }) => assignment.id);
  const order = [...firsts.toSorted(), third];

  const first = await pageLateClients(shop.ctx, { limit: 2 });
  const second = await pageLateClients(shop.ctx, { limit: 2, cursor: first.nextCursor });
  expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(order);
  const exported = [];
  for await (const rows of allPages((at) => pageLateClients(shop.ctx, { type: "document", ...at })))
    exported.push(...rows);
  expect(exported.map(({ id }) => id)).toEqual(order);
});
