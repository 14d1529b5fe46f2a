import { DAY_MS, after } from "@reminder-app/platform/clock";
import { assignmentsOfClientRepo } from "../assignments/of-client.repo.ts";
import { recordAudit } from "../audit/record-audit.ts";
import { type CalendarDay, titleOf, writeCalendar } from "../calendar/write-calendar.ts";
import { inTransaction } from "../ctx.ts";
import { clientLinkRepo } from "./client-links.repo.ts";
import { linkTokenOf } from "./link-token.ts";
import { newLink } from "./make-link.ts";
import type { OpenedLink } from "./open-link.ts";

/** Calendar apps ask for years without a person who would renew the address. */
const FEED_DAYS = 400;
/** How long it is told that a date fell away. */
const TOLD_DAYS = 90;
const MOST_DAYS = 500;

/** The due dates of the client of a link, as an iCalendar file. What was settled or fell away lately is told as cancelled. */
export async function dueDateCalendar({ ctx, clientId, business }: OpenedLink): Promise<string> {
  const now = ctx.now();
  const rows = await assignmentsOfClientRepo(ctx, clientId).datedSince(after(now, -TOLD_DAYS * DAY_MS), MOST_DAYS);
  const days = rows.flatMap(({ assignment, reminder }): CalendarDay[] => {
    const { id: assignmentId, calendarSequence, dueOn, period, state } = assignment;
    if (dueOn === null) return [];
    const isCalledOff = reminder.status === "cancelled";
    const isOver = isCalledOff || state === "done" || state === "cancelled";
    // That a reminder was cancelled, which is for good, is not written on its assignments.
    const sequence = calendarSequence + (isCalledOff ? 1 : 0);
    return [{ assignmentId, sequence, dueOn, title: titleOf(reminder.name, period), isOver }];
  });
  return writeCalendar(days, { name: business.name, now });
}

/** The token of the feed that goes with a page, if one was made. */
export async function findCalendarToken({ ctx, link, clientId }: OpenedLink): Promise<string | undefined> {
  const feeds = await clientLinkRepo(ctx).feeds(clientId, link.contactId, ctx.now());
  return feeds.map((feed) => linkTokenOf(ctx.vault, feed)).find((token) => token !== undefined);
}

/** Make the feed that goes with a page. Where there is one already, nothing is made. */
export async function makeCalendarLink(opened: OpenedLink): Promise<void> {
  await inTransaction(opened.ctx, async (tx) => {
    const { link, clientId } = opened;
    await clientLinkRepo(tx).lock(link.id);
    if ((await findCalendarToken({ ...opened, ctx: tx })) !== undefined) return;
    const made = newLink(tx, { clientId, contactId: link.contactId }, { purpose: "calendar", days: FEED_DAYS });
    await clientLinkRepo(tx).insertMany([made.link]);
    await recordAudit(tx, "link.made", { entityId: made.link.id, clientId, purpose: "calendar", linkId: link.id });
  });
}
