const MAIL_BYTES = 5_000;

/** Half a kilobyte, as most reminders are. */
export const paragraph = `Dear {{ contact.first_name }}, the figures of {{ client.name }} for the last three months are still missing.
Please send them to {{ business.name }} by the end of the week, so that the return can be checked & filed in time.
All that we need is listed at https://ledger.example/returns/what-we-need, and a photo of each receipt will do.
Whoever has sent the papers already need not do anything more; many thanks for that, and for your patience with us.`;

/** Texts that both sides send. */
export const subject = "VAT return of {{ client.name }}";

/** 5 KB of plain text, as long letters are. */
export const mailBody = Array.from({ length: Math.ceil(MAIL_BYTES / paragraph.length) }, () => paragraph).join("\n\n");

export const smsBody =
  "Dear {{ contact.first_name }}, {{ business.name }} still waits for the VAT figures of {{ client.name }}. Thank you for sending them this week.";
