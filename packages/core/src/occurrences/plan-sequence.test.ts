import { deliveriesOf, occurrencesOf } from "@reminder-app/testing/given-delivery";
import { givenBusiness } from "@reminder-app/testing/given-business";
import { DAY_MS } from "@reminder-app/platform/clock";
import { expect, test } from "vitest";
import { AssignClientsInput, assignClients } from "../assignments/assign-clients.ts";
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
