import type { Channel, SendResult } from "@reminder-app/channels/channel";
import { DAY_MS, HOUR_MS, MINUTE_MS, after } from "@reminder-app/platform/clock";
import { type Id, newId } from "@reminder-app/platform/ids";
import type { SystemCtx } from "../ctx.ts";
import { backOffMs } from "../deliveries/back-off.ts";
import { onOneLine } from "../hidden-characters.ts";
import { mailHtml } from "../templates/mail-html.ts";
import { plainText } from "../templates/merged-text.ts";
import { type AccountMail, accountMailRepo } from "./account-mails.repo.ts";
import { mailCell } from "./ask-for-mail.ts";
import type { Letter } from "./letters.ts";
import { writeLetter } from "./write-letter.ts";

const SENDER = "Reminder App";
/** Longer than any call to the mail server: whoever claimed a mail and died is replaced after it. */
const CLAIM_MS = 2 * MINUTE_MS;
const CALL_MS = MINUTE_MS;
const BACK_OFF = { baseMs: 30_000, capMs: HOUR_MS };

export interface MailDeps {
  readonly system: SystemCtx;
  readonly channel: Channel;
  /** Where the pages are that links lead to. */
  readonly publicUrl: string;
}

/**
 * Write and send a mail that was asked for; what there is nobody to send to, and what is refused for good, is dropped.
 * Answers when to try again. A mail that nobody took for a day is given up.
 */
export async function sendAccountMail(
  { system, channel, publicUrl }: MailDeps,
  id: Id<"AccountMail">,
): Promise<Date | undefined> {
  const repo = accountMailRepo(system.db);
  const mail = await repo.find(id);
  const now = system.now();
  if (!mail?.nextAt || mail.nextAt > now) return mail?.nextAt ?? undefined;
  if (!(await repo.claim(mail, after(now, CLAIM_MS)))) return undefined;

  const email = system.vault.open(mail.email, mailCell(id));
  const written = await writeLetter({ system, publicUrl }, { ...mail, email });
  const result = written && (await send(channel, written.to, written.letter));
  if (!result || result.kind === "accepted" || result.kind === "refused") {
    await repo.remove(id);
    return undefined;
  }
  return postpone(system, mail, result.kind === "throttled" ? result.retryAt : undefined);
}

/** A bug of ours threw while the mail was written. Answers when to try again. */
export async function recordMailCrash(system: SystemCtx, id: Id<"AccountMail">): Promise<Date | undefined> {
  const mail = await accountMailRepo(system.db).find(id);
  return mail?.nextAt ? postpone(system, mail) : undefined;
}

async function postpone(system: SystemCtx, mail: AccountMail, retryAt?: Date): Promise<Date | undefined> {
  const now = system.now();
  if (after(mail.createdAt, DAY_MS) <= now) {
    await accountMailRepo(system.db).remove(mail.id);
    return undefined;
  }
  const nextAt = retryAt ?? after(now, backOffMs(mail.tries + 1, BACK_OFF));
  await accountMailRepo(system.db).postpone(mail.id, nextAt);
  return nextAt;
}

function send(channel: Channel, to: string, { subject, text, from }: Letter): Promise<SendResult> {
  const { name, locale } = from ?? { name: SENDER, locale: "en" };
  const html = mailHtml({ text, businessName: name, footer: undefined, locale });
  const token = newId();
  const message = {
    deliveryId: token,
    token,
    to,
    senderName: onOneLine(name),
    content: { subject, text: plainText(text), html },
  };
  return channel.send(message, AbortSignal.timeout(CALL_MS));
}
