import { accepted, delivererFor, deliveriesOf, ring, scriptedChannel } from "@reminder-app/testing/given-delivery";
import { aSequence, givenSequence, passDays } from "@reminder-app/testing/given-sequence";
import { givenBusiness } from "@reminder-app/testing/given-business";
import { expect, test } from "vitest";
import { AssignClientsInput, assignClients } from "../assignments/assign-clients.ts";
import { deliveryRepo } from "../deliveries/deliveries.repo.ts";
import { SendNowInput, sendNow } from "./send-now.ts";

async function givenAssigned() {
  const shop = await givenBusiness();
  const client = await shop.client();
  const reminder = await shop.reminder();
  await shop.assign(reminder, client);
  const send = (input = {}) => sendNow(shop.ctx, reminder.id, SendNowInput.parse(input));
  return { shop, client, reminder, send };
}

test("a manual send goes beside the schedule, and answers for each client (A16)", async () => {
  const { shop, client, reminder, send } = await givenAssigned();
  const stranger = await shop.client();

  const { clients, countsAsNext, queued } = await send({ clientIds: [client.id, stranger.id] });

  expect(countsAsNext).toBe(false);
  expect(queued).toHaveLength(1);
  expect(clients).toMatchObject([
    { clientId: client.id, outcome: "queued" },
    { clientId: stranger.id, outcome: "not_assigned" },
  ]);
  expect((await ring(shop, reminder)).map(({ state }) => state)).toEqual(["queued", "queued"]);
});

test("a manual send that counts as the next moment takes its place (A16)", async () => {
  const { shop, reminder, send } = await givenAssigned();
  expect(await send({ replaceNext: true })).toMatchObject({ countsAsNext: true });
  const rows = await ring(shop, reminder);
  expect(rows.map(({ state, reason }) => [state, reason])).toEqual([
    ["queued", null],
    ["skipped", "replaced_by_manual_send"],
  ]);
});

test("a client who was messaged in the last hours is not messaged again without a second thought (A16)", async () => {
  const { shop, send } = await givenAssigned();
  const first = await send();
  const delivery = await deliveryRepo(shop.ctx).get(first.queued[0]!.id);
  await delivererFor(shop, scriptedChannel([accepted]).channel)(delivery);

  await expect(send()).rejects.toMatchObject({ code: "recently_messaged" });
  expect(await send({ evenIfRecent: true })).toMatchObject({ clients: [{ outcome: "queued" }] });
});

test("a second click, while the first message is still on its way, sends nothing more (A16)", async () => {
  const { send } = await givenAssigned();
  await send();
  await expect(send()).rejects.toMatchObject({ code: "recently_messaged" });
});

test("staff may not send within quiet hours, an admin may (A16)", async () => {
  const { shop, reminder } = await givenAssigned();
  const input = SendNowInput.parse({ evenInQuietHours: true });
  const staff = { ...shop.ctx, actor: { kind: "member", memberId: "m" as never, role: "staff" } } as const;
  await expect(sendNow(staff, reminder.id, input)).rejects.toMatchObject({ code: "forbidden" });
  expect(await sendNow(shop.ctx, reminder.id, input)).toMatchObject({ clients: [{ outcome: "queued" }] });
});

async function givenOnSequence() {
  const shop = await givenBusiness({ now: "2027-03-01T12:00:00Z" });
  const { reminder, assignment } = await givenSequence(shop, aSequence([-14, -7]), { dueOn: "2027-03-22" });
  const other = { clientId: (await shop.client()).id, dueOn: "2027-03-15" };
  await assignClients(shop.ctx, reminder.id, AssignClientsInput.parse({ assignments: [other] }));
  await passDays(shop, reminder.id, 3);
  const send = (input = {}) => sendNow(shop.ctx, reminder.id, SendNowInput.parse({ evenIfRecent: true, ...input }));
  const outcomeOf = async (clientId: string) =>
    (await deliveriesOf(shop, reminder.id))
      .filter((row) => row.clientId === clientId && row.stepId !== null)
      .map(({ stepId, reason }) => [stepId, reason]);
  return { shop, reminder, send, outcomeOf, clients: [assignment.clientId, other.clientId] as const };
}

test("a manual send beside a sequence leaves every step of it (A16, A4)", async () => {
  const { shop, reminder, send, outcomeOf, clients } = await givenOnSequence();
  expect(await send()).toMatchObject({ countsAsNext: false });
  await passDays(shop, reminder.id, 20);
  expect(await outcomeOf(clients[0])).toEqual([
    ["t-14", null],
    ["t-7", null],
  ]);
  expect(await outcomeOf(clients[1])).toEqual([["t-7", null]]);
});

test("a manual send that counts as the next step takes the place of each client's own next one (A16, A4)", async () => {
  const { shop, reminder, send, outcomeOf, clients } = await givenOnSequence();
  expect(await send({ replaceNext: true })).toMatchObject({ countsAsNext: true });
  await passDays(shop, reminder.id, 20);
  expect(await outcomeOf(clients[0])).toEqual([
    ["t-14", "replaced_by_manual_send"],
    ["t-7", null],
  ]);
  expect(await outcomeOf(clients[1])).toEqual([["t-7", "replaced_by_manual_send"]]);
});
