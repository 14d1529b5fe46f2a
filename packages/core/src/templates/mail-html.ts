import { replaceLinks, splitLists } from "./merged-text.ts";

export interface MailContent {
  /** Text whose links are marked; blank lines part paragraphs. */
  readonly text: string;
  readonly businessName: string;
  readonly footer: string | undefined;
  readonly locale: string;
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A mail from plain text: everything is escaped, and only marked links become links, each shown with its whole address. */
export function mailHtml({ text, businessName, footer, locale }: MailContent): string {
  const paragraphs = text
    .trim()
    .split(/\n\s*\n/)
    .flatMap(blocks);
  const foot = footer === undefined ? "" : `<div style="${FOOT}">${inline(footer)}</div>`;
  return `<!doctype html>
<html lang="${escapeHtml(locale)}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"></head>
<body style="margin:0;padding:24px 12px;background:#f3f4f6;color:#111827;${FONT}">
<div style="max-width:560px;margin:0 auto;background:#ffffff;border-radius:12px;padding:28px 32px">
<div style="font-weight:600;font-size:15px;color:#4338ca;margin:0 0 20px">${escapeHtml(businessName)}</div>
${paragraphs.join("\n")}
</div>${foot}
</body></html>`;
}

/** A paragraph of text, and the lists that stand in it. */
function blocks(paragraph: string): string[] {
  return splitLists(paragraph).flatMap((piece) => {
    if (typeof piece !== "string")
      return [`<ul style="${LIST}">${piece.map((item) => `<li>${inline(item)}</li>`).join("")}</ul>`];
    const text = piece.trim();
    return text === "" ? [] : [`<p style="margin:0 0 16px">${inline(text)}</p>`];
  });
}

const LIST = "margin:0 0 16px;padding:0 0 0 24px";
const FONT = "font:16px/1.55 -apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const FOOT = "max-width:560px;margin:16px auto 0;padding:0 32px;font-size:13px;color:#6b7280";

/** Escaped before it is linked, so an address can hold no quote or bracket that would end the attribute. */
function inline(text: string): string {
  const linked = replaceLinks(
    escapeHtml(text),
    (address) => `<a href="${address}" style="color:#4338ca">${address}</a>`,
  );
  return linked.replaceAll("\n", "<br>");
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}
