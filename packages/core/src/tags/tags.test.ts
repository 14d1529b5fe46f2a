import { type GivenBusiness, aContact, givenBusiness } from "@reminder-app/testing/given-business";
import { accepted, delivererFor, deliveriesOf, ring, scriptedChannel } from "@reminder-app/testing/given-delivery";
import type { Id } from "@reminder-app/platform/ids";
import { expect, test } from "vitest";
import { assignmentRepo } from "../assignments/assignments.repo.ts";
import { assignClients, AssignClientsInput } from "../assignments/assign-clients.ts";
import { closeAssignment } from "../assignments/change-assignment.ts";
import { addContact } from "../clients/change-contacts.ts";
import { ContactInput } from "../clients/contact.ts";
import { PageClientsQuery, pageClients } from "../clients/page-clients.ts";
import { plan } from "../occurrences/plan.ts";
import { inTransaction } from "../ctx.ts";
import { addTagsToClients } from "./change-tags.ts";
import { createTagRule } from "./create-tag-rule.ts";
import { enrolTagged } from "./enrol-tagged.ts";
import { listNotEnrolled } from "./list-tag-rules.ts";
import { listTags } from "./list-tags.ts";
import { removeTagRule } from "./remove-tag-rule.ts";
import { setClientTags } from "./set-client-tags.ts";

const set = ({ ctx }: GivenBusiness, clientId: Id<"Client">, ...tags: string[]) =>
  setClientTags(ctx, clientId, { tags });
const rule = ({ ctx }: GivenBusiness, reminderId: Id<"Reminder">, tag = "VAT") =>
  createTagRule(ctx, { tag, reminderId });

const daily = { kind: "recurring" as const, start: "2027-03-02T09:00", zone: "UTC", rule: "FREQ=DAILY" };

/** A sequence whose due dates follow from a rule: on the 7th of every third month. */
const quarterly = {
  schedule: {
    kind: "sequence" as const,
    zone: "UTC",
    due: { kind: "statutory" as const, rule: "uk_vat_return" as const },
    steps: [{ id: "t-14", days: -14, time: "09:00" }],
  },
};

async function standing({ ctx }: GivenBusiness, reminderId: Id<"Reminder">) {
  const rows = await assignmentRepo(ctx).page({ reminderId }, { limit: 100 });
  return rows.map(({ clientId, state, tagRuleId }) => ({ clientId, state, byRule: tagRuleId !== null }));
}

test("making a rule puts all clients with the tag on the reminder, and no others (F4)", async () => {
  const shop = await givenBusiness();
  const reminder = await shop.reminder();
  const [one, two, other] = [await shop.client(), await shop.client(), await shop.client()];
  await set(shop, one.id, "VAT", "monthly");
  await set(shop, two.id, "vat");
  await set(shop, other.id, "payroll");
  const made = await rule(shop, reminder.id);
  expect(made).toMatchObject({ enrolled: 2, notEnrolled: [], complete: true });
  expect(await standing(shop, reminder.id)).toEqual([
    { clientId: one.id, state: "open", byRule: true },
    { clientId: two.id, state: "open", byRule: true },
  ]);
  await expect(rule(shop, reminder.id, "Vat")).rejects.toMatchObject({ code: "conflict" });
});

test("adding the tag enrols, taking it away cancels by a stop that binds at once, adding it again begins again (F4)", async () => {
  const shop = await givenBusiness();
  const reminder = await shop.reminder({ schedule: daily });
  await rule(shop, reminder.id);
  const client = await shop.client();
  expect(await set(shop, client.id, "VAT")).toMatchObject({ tags: ["VAT"], enrolled: 1, unenrolled: 0 });
  const [delivery] = await ring(shop, reminder);
  expect(await set(shop, client.id)).toMatchObject({ tags: [], enrolled: 0, unenrolled: 1, inFlight: 0 });
  const { channel, calls } = scriptedChannel([accepted]);
  await delivererFor(shop, channel)(delivery!);
  expect(calls).toEqual([]);
  expect((await deliveriesOf(shop, reminder.id)).map(({ state }) => state)).toEqual(["cancelled"]);
  expect(await set(shop, client.id, "VAT")).toMatchObject({ enrolled: 1 });
  expect(await standing(shop, reminder.id)).toEqual([{ clientId: client.id, state: "open", byRule: true }]);
});

test("who was put on the reminder by hand stays when the tag or the rule goes, and is never on it twice (F4)", async () => {
  const shop = await givenBusiness();
  const reminder = await shop.reminder();
  const [byHand, byRule] = [await shop.client(), await shop.client()];
  await shop.assign(reminder, byHand);
  const { rule: made } = await rule(shop, reminder.id);
  await set(shop, byHand.id, "VAT");
  await set(shop, byRule.id, "VAT");
  const both = [
    { clientId: byHand.id, state: "open", byRule: false },
    { clientId: byRule.id, state: "open", byRule: true },
  ];
  expect(await standing(shop, reminder.id)).toEqual(both);
  expect(await set(shop, byHand.id)).toMatchObject({ unenrolled: 0 });
  expect(await removeTagRule(shop.ctx, made.id)).toMatchObject({ unenrolled: 1 });
  expect((await standing(shop, reminder.id)).map(({ state }) => state)).toEqual(["open", "cancelled"]);
  await expect(removeTagRule(shop.ctx, made.id)).rejects.toMatchObject({ code: "not_found" });
});

test("who cannot be reached is reported, hinders no other, and follows once they can be (F4)", async () => {
  const shop = await givenBusiness();
  const reminder = await shop.reminder();
  const [silent, reached] = [await shop.client({ contacts: [] }), await shop.client()];
  for (const { id } of [silent, reached]) await set(shop, id, "VAT");
  const made = await rule(shop, reminder.id);
  expect(made.enrolled).toBe(1);
  expect(made.notEnrolled).toMatchObject([
    { clientId: silent.id, message: expect.stringContaining("has an address for email") },
  ]);
  expect((await listNotEnrolled(shop.ctx, made.rule.id)).items).toEqual(made.notEnrolled);
  await addContact(shop.ctx, silent.id, ContactInput.parse(aContact()));
  const again = { until: Number.MAX_VALUE, onlyNew: true };
  expect(await enrolTagged(shop.ctx, made.rule, again)).toMatchObject({ enrolled: 1, notEnrolled: [] });
  expect(await enrolTagged(shop.ctx, made.rule, again)).toMatchObject({ enrolled: 0 });
});

test("whoever was taken off by hand is not put on again while nobody touches the tag (F4)", async () => {
  const shop = await givenBusiness();
  const reminder = await shop.reminder();
  const client = await shop.client();
  await set(shop, client.id, "VAT");
  const { rule: made } = await rule(shop, reminder.id);
  const [assigned] = await assignmentRepo(shop.ctx).page({ reminderId: reminder.id }, { limit: 1 });
  const assignmentId = assigned!.id;
  await closeAssignment(shop.ctx, { reminderId: reminder.id, assignmentId }, "cancelled");
  await enrolTagged(shop.ctx, made, { until: Number.MAX_VALUE, onlyNew: true });
  await set(shop, client.id, "VAT", "other");
  expect((await standing(shop, reminder.id)).map(({ state }) => state)).toEqual(["cancelled"]);
});

test("the due date follows from the reminder's rule, also of the next period, which goes with the tag (F4)", async () => {
  const shop = await givenBusiness();
  const reminder = await shop.reminder(quarterly);
  const [known, unknown] = [await shop.client({ facts: { vatStagger: "1" } }), await shop.client()];
  const { rule: made } = await rule(shop, reminder.id);
  expect(await set(shop, known.id, "VAT")).toMatchObject({ enrolled: 1 });
  expect((await set(shop, unknown.id, "VAT")).notEnrolled).toMatchObject([
    { message: expect.stringContaining("vatStagger") },
  ]);
  const [first] = await assignmentRepo(shop.ctx).page({ reminderId: reminder.id }, { limit: 10 });
  expect(first).toMatchObject({ dueOn: "2027-05-07", amount: null, tagRuleId: made.id });
  await closeAssignment(shop.ctx, { reminderId: reminder.id, assignmentId: first!.id }, "done");
  shop.clock.set("2027-07-20T00:00:00Z");
  for await (const _queued of plan(shop.ctx, reminder.id, 60_000));
  const [, second] = await assignmentRepo(shop.ctx).page({ reminderId: reminder.id }, { limit: 10 });
  expect(second).toMatchObject({ dueOn: "2027-08-07", state: "open", tagRuleId: made.id });
  expect(await set(shop, known.id)).toMatchObject({ unenrolled: 1 });
  shop.clock.set("2028-08-01T00:00:00Z");
  for await (const _queued of plan(shop.ctx, reminder.id, 60_000));
  const all = await assignmentRepo(shop.ctx).page({ reminderId: reminder.id }, { limit: 10 });
  expect(all.map(({ state }) => state)).toEqual(["done", "cancelled"]);
});

test("a rule needs a reminder that takes clients, and whose due dates follow from a rule (F4)", async () => {
  const shop = await givenBusiness();
  const { due: _, ...schedule } = quarterly.schedule;
  const plain = await shop.reminder({ schedule });
  await expect(rule(shop, plain.id)).rejects.toMatchObject({ code: "validation_failed" });
  const rival = await givenBusiness();
  const theirs = await rival.reminder();
  await expect(rule(shop, theirs.id)).rejects.toMatchObject({ code: "not_found" });
});

test("a tag is found and counted without regard to case, and keeps the form it was first written in (F4)", async () => {
  const shop = await givenBusiness();
  const [one, two, gone] = [await shop.client(), await shop.client(), await shop.client({ name: "Gone" })];
  await set(shop, one.id, "Café VAT");
  await inTransaction(shop.ctx, (tx) =>
    addTagsToClients(tx, [
      { clientId: two.id, tags: ["CAFE vat", "x"] },
      { clientId: gone.id, tags: ["x"] },
    ]),
  );
  expect((await listTags(shop.ctx)).items).toEqual([
    { tag: "Café VAT", clients: 2 },
    { tag: "x", clients: 2 },
  ]);
  const found = await pageClients(shop.ctx, PageClientsQuery.parse({ tag: "cafe vat" }));
  expect(found.items.map(({ id }) => id)).toEqual([one.id, two.id]);
});

test("hundreds of clients are enrolled chunk by chunk, each once (F4)", async () => {
  const shop = await givenBusiness();
  const reminder = await shop.reminder();
  const clients: { readonly id: Id<"Client"> }[] = [];
  for (let number = 0; number < 205; number += 1) clients.push(await shop.client());
  await inTransaction(shop.ctx, (tx) =>
    addTagsToClients(
      tx,
      clients.map(({ id }) => ({ clientId: id, tags: ["VAT"] })),
    ),
  );
  const { rule: made, enrolled } = await rule(shop, reminder.id);
  expect(enrolled).toBe(205);
  expect(await assignmentRepo(shop.ctx).countOpen(reminder.id)).toBe(205);
  expect(await removeTagRule(shop.ctx, made.id)).toMatchObject({ unenrolled: 205 });
  expect(await assignmentRepo(shop.ctx).countOpen(reminder.id)).toBe(0);
});

test("a client who is on the reminder for another period already is left as they are (F4)", async () => {
  const shop = await givenBusiness();
  const reminder = await shop.reminder();
  const client = await shop.client();
  const input = AssignClientsInput.parse({ assignments: [{ clientId: client.id, period: "2027" }] });
  await assignClients(shop.ctx, reminder.id, input);
  await rule(shop, reminder.id);
  expect(await set(shop, client.id, "VAT")).toMatchObject({ enrolled: 0, notEnrolled: [] });
});
