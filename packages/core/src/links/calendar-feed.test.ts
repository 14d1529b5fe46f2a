import { DAY_MS } from "@reminder-app/platform/clock";
import { givenBusiness } from "@reminder-app/testing/given-business";
import { accepted, delivererFor, deliveriesOf, scriptedChannel } from "@reminder-app/testing/given-delivery";
import { aSequence, givenSequence, planNow } from "@reminder-app/testing/given-sequence";
import ICAL from "ical.js";
import { expect, test } from "vitest";
import { changeAssignment, closeAssignment, reopenAssignment } from "../assignments/change-assignment.ts";
import { cancelReminder } from "../reminders/change-status.ts";
import { dueDateCalendar, findCalendarToken, makeCalendarLink } from "./calendar-feed.ts";
import { makePageLink } from "./make-link.ts";
import { openLink } from "./open-link.ts";

/** What a calendar shows after it has taken in some files, one after the other: what is newer takes the place of what is older. */
function imported(...files: readonly string[]) {
  const shown = new Map<string, { day: string; status: string; sequence: number; title: string }>();
  for (const file of files) {
    for (const component of new ICAL.Component(ICAL.parse(file)).getAllSubcomponents("vevent")) {
      const { uid, startDate, summary: title, sequence } = new ICAL.Event(component);
      const status = String(component.getFirstPropertyValue("status"));
      const known = shown.get(uid);
      if (!known || sequence > known.sequence) shown.set(uid, { day: startDate.toString(), status, sequence, title });
    }
  }
  return shown;
}

async function givenFeed() {
  const shop = await givenBusiness();
  const given = await givenSequence(shop, aSequence([-7, -3]), { dueOn: "2027-03-12", period: "2027-Q1" });
  const { token } = await makePageLink(shop.ctx, given.assignment.clientId, { days: 100 });
  const page = () => openLink(shop.system, token, "page");
  await makeCalendarLink(await page());
  const feed = (await findCalendarToken(await page())) ?? "";
  return { ...given, page, feed, read: async () => dueDateCalendar(await openLink(shop.system, feed, "calendar")) };
}

test("a due date that moves moves in the calendar, under the same name (G5)", async () => {
  const { shop, key, read } = await givenFeed();
  const first = await read();
  expect([...imported(first)]).toMatchObject([
    [`${key.assignmentId}@reminder-app`, { day: "2027-03-12", status: "CONFIRMED", title: "VAT return 2027-Q1" }],
  ]);
  await changeAssignment(shop.ctx, key, { dueOn: "2027-03-19" });
  const both = imported(first, await read());
  expect([...both.values()].map(({ day }) => day)).toEqual(["2027-03-19"]);
});

test("what is done is cancelled in the calendar, and comes back when it is opened again (G5)", async () => {
  const { shop, key, read } = await givenFeed();
  const files = [await read()];
  await closeAssignment(shop.ctx, key, "done");
  files.push(await read());
  expect([...imported(...files).values()].map(({ status }) => status)).toEqual(["CANCELLED"]);
  await reopenAssignment(shop.ctx, key);
  files.push(await read());
  expect([...imported(...files).values()].map(({ status }) => status)).toEqual(["CONFIRMED"]);
});

test("what a cancelled reminder was about is cancelled in the calendar (G5)", async () => {
  const { shop, reminder, read } = await givenFeed();
  const files = [await read()];
  await cancelReminder(shop.ctx, reminder.id);
  files.push(await read());
  expect([...imported(...files).values()].map(({ status }) => status)).toEqual(["CANCELLED"]);
});

test("a feed is one link for one page, opens nothing else, and lasts (G5, S26)", async () => {
  const { shop, page, feed } = await givenFeed();
  await Promise.all(Array.from({ length: 5 }, async () => makeCalendarLink(await page())));
  expect(await findCalendarToken(await page())).toBe(feed);
  await expect(openLink(shop.system, feed, "page")).rejects.toMatchObject({ code: "not_found" });
  shop.clock.advance(399 * DAY_MS);
  expect((await openLink(shop.system, feed, "calendar")).standing).toBe("good");
});

test("a mail of a sequence brings the due date as a file, which the next mail brings up to date (G5)", async () => {
  const { shop, key, reminder } = await givenFeed();
  const { channel, calls } = scriptedChannel([accepted, accepted]);
  const deliver = delivererFor(shop, channel);
  const send = async (at: string) => {
    shop.clock.set(at);
    await planNow(shop, reminder.id);
    const due = (await deliveriesOf(shop, reminder.id)).filter(({ state }) => state === "queued");
    for (const delivery of due) await deliver(delivery);
  };
  await send("2027-03-05T09:00:00Z");
  await changeAssignment(shop.ctx, key, { dueOn: "2027-03-19" });
  await send("2027-03-16T09:00:00Z");
  const files = calls.map(({ calendar }) => calendar ?? "");
  expect(files).toHaveLength(2);
  expect([...imported(files[0]!).values()].map(({ day }) => day)).toEqual(["2027-03-12"]);
  expect([...imported(...files).values()].map(({ day }) => day)).toEqual(["2027-03-19"]);
});
