import { newId } from "@reminder-app/platform/ids";
import { givenBusiness } from "@reminder-app/testing/given-business";
import { expect, test } from "vitest";
import { ChangeReminderInput, changeReminder } from "./change-reminder.ts";
import { templateSource } from "./template-source.ts";

test("texts that are read together are each their own reminder's, by the revision that is asked for (A13)", async () => {
  const shop = await givenBusiness();
  const [edited, other] = [await shop.reminder({ body: "One, old" }), await shop.reminder({ body: "Two" })];
  await shop.assign(edited, await shop.client());
  const input = ChangeReminderInput.parse({ body: "One, new", appliesTo: "new" });
  const changed = await changeReminder(shop.ctx, { id: edited.id, off: new Map() }, input);
  const names = [
    { reminderId: edited.id, revision: edited.revision, stepId: null },
    { reminderId: edited.id, revision: changed.revision, stepId: null },
    { reminderId: other.id, revision: other.revision, stepId: null },
  ];
  const source = templateSource();
  source.readAhead(shop.ctx, names);
  const texts = await Promise.all(names.map((name) => source.load(shop.ctx, name)));
  expect(texts.map(({ body }) => body)).toEqual(["One, old", "One, new", "Two"]);
});

test("a text that cannot be read fails alone", async () => {
  const shop = await givenBusiness();
  const { id, revision } = await shop.reminder({ body: "Here" });
  const [here, gone] = [id, newId<"Reminder">()].map((reminderId) => ({ reminderId, revision, stepId: null }));
  const source = templateSource();
  source.readAhead(shop.ctx, [here!, gone!]);
  expect(await source.load(shop.ctx, here!)).toMatchObject({ body: "Here" });
  await expect(source.load(shop.ctx, gone!)).rejects.toMatchObject({ code: "not_found" });
});
