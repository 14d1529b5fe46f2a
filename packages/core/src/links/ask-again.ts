import { HOUR_MS, after } from "@reminder-app/platform/clock";
import type { Id } from "@reminder-app/platform/ids";
import { askForMail } from "../account-mail/ask-for-mail.ts";
import { recordAudit } from "../audit/record-audit.ts";
import { loadContacts } from "../clients/contact.ts";
import { type Ctx, inTransaction } from "../ctx.ts";
import { openTask } from "../tasks/open-task.ts";
import { clientLinkRepo } from "./client-links.repo.ts";
import { linkVisitRepo } from "./link-visits.repo.ts";
import type { OpenedLink } from "./open-link.ts";
import { recordVisit } from "./record-visit.ts";

const MOST_AN_HOUR = 3;

/**
 * Ask for a new link in place of one that does not open any more. It goes to the e-mail address on file, never to one
 * that the asker names; where there is none, or staff took the link away, they get a task. The answer is the mail to be
 * queued after the commit. What the asker is told must be the same whatever comes of it.
 */
export async function askForLink(opened: OpenedLink, network: string): Promise<Id<"AccountMail"> | undefined> {
  const { ctx, link, standing } = opened;
  if (standing === "good") return undefined;
  return inTransaction(ctx, async (tx) => {
    await clientLinkRepo(tx).lock(link.id);
    const asked = await linkVisitRepo(tx).countSince(link.id, "asked_again", after(tx.now(), -HOUR_MS));
    if (asked >= MOST_AN_HOUR) return undefined;
    await recordVisit(tx, opened, { use: "asked_again", network });
    const email = await addressOnFile(tx, opened);
    const details = { entityId: link.id, clientId: opened.clientId };
    if (email === undefined) {
      await openTask(tx, { kind: "link_asked", subject: `client:${opened.clientId}`, clientId: opened.clientId });
      await recordAudit(tx, "link.asked", { ...details, answered: "task" });
      return undefined;
    }
    const wish = { kind: "client_link" as const, email, subjectId: link.id, businessId: tx.businessId };
    const mailId = await askForMail(tx, wish);
    await recordAudit(tx, "link.asked", { ...details, answered: "mail" });
    return mailId;
  });
}

/** Undefined where nothing may be mailed: the link was taken away, or no mail may go there, or it is a test business. */
async function addressOnFile(tx: Ctx, opened: OpenedLink): Promise<string | undefined> {
  const { standing, contact, clientId, business } = opened;
  if (standing !== "expired" || !contact || business.mode === "test") return undefined;
  const theirs = (await loadContacts(tx, [clientId])).get(clientId);
  const found = theirs?.find(({ id }) => id === contact.id);
  return found && !found.suppressed.email ? found.addresses.email : undefined;
}
