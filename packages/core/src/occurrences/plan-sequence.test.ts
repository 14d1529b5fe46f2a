import { deliveriesOf, occurrencesOf } from "@reminder-app/testing/given-delivery";
import { givenBusiness } from "@reminder-app/testing/given-business";
import { planNow } from "@reminder-app/testing/given-sequence";
import { DAY_MS } from "@reminder-app/platform/clock";
import { expect, test } from "vitest";
import { AssignClientsInput, assignClients } from "../assignments/assign-clients.ts";
import { reminderRepo } from "../reminders/reminders.repo.ts";
import { plan } from "./plan.ts";

const steps = [-14, -7, -3, -1, 0, 3, 7].map((days) => ({ id: `t${days < 0 ? "" : "+"}${days}`, days, time: "09:00" }));

test("a sequence of seven steps makes seven dated occurrences, each with its delivery (A4)", async () => {
  const shop = await givenBusiness({ now: "2027-03-01T12:00:00Z" });
  const client = await shop.client();
  const reminder = await shop.reminder({ schedule: { kind: "sequence", zone: "Europe/London", steps } });
  const input = AssignClientsInput.parse({ assignments: [{ clientId: client.id, dueOn: "2027-04-01" }] });
  const [assignment] = await assignClients(shop.ctx, reminder.id, input);
  for (let day = 0; day < 45; day += 1) {
    shop.clock.advance(DAY_MS);
    for await (const _queued of plan(shop.ctx, reminder.id, 60_000));
  }
  const made = await occurrencesOf(shop, reminder.id);
  expect(made.map(({ slot }) => slot)).toEqual(steps.map(({ id }) => `A:${assignment?.id}:1:${id}`));
  expect(made.map(({ dueAt }) => dueAt.toISOString().slice(0, 16))).toEqual([
    "2027-03-18T09:00",
    "2027-03-25T09:00",
    "2027-03-29T08:00",
    "2027-03-31T08:00",
    "2027-04-01T08:00",
    "2027-04-04T08:00",
    "2027-04-08T08:00",
  ]);
  expect(await deliveriesOf(shop, reminder.id)).toHaveLength(7);
});

test("more assignments than fit into one chunk are planned in one ring, each once (A4, C10)", async () => {
  const shop = await givenBusiness({ now: "2027-03-01T12:00:00Z" });
  const client = await shop.client();
  const reminder = await shop.reminder({ schedule: { kind: "sequence", zone: "Europe/London", steps } });
  for (const [from, count] of [[0, 1_000] as const, [1_000, 100] as const]) {
    const assignments = Array.from({ length: count }, (_, index) => ({
      clientId: client.id,
      dueOn: "2027-04-01",
      period: `${from + index}`,
    }));
    await assignClients(shop.ctx, reminder.id, AssignClientsInput.parse({ assignments }));
  }
  shop.clock.set("2027-03-18T09:00:00Z");
  await Promise.all([planNow(shop, reminder.id), planNow(shop, reminder.id)]);
  const made = await occurrencesOf(shop, reminder.id);
  expect(made).toHaveLength(1_100);
  expect(new Set(made.map(({ slot }) => slot)).size).toBe(1_100);
  expect(await reminderRepo(shop.ctx).get(reminder.id)).toMatchObject({ nextDueAt: new Date("2027-03-25T09:00:00Z") });
});
