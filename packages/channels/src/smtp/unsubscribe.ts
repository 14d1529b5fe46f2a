import type { MessageContent } from "../channel.ts";

/** With these a mail reader offers to unsubscribe, and its provider does so by one POST (RFC 2369, RFC 8058). */
export function unsubscribeHeaders(url: string) {
  return {
    "List-Unsubscribe": { prepared: true, value: `<${url}>` },
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
  };
}

const WORDS = "Unsubscribe from these emails";
const STYLE = "max-width:560px;margin:16px auto 0;padding:0 32px;font-size:13px;color:#6b7280";

/** The mail with a visible link at the end of its text and of its HTML, for readers that show no headers. */
export function withUnsubscribeLink(content: MessageContent, url: string): MessageContent {
  return {
    ...content,
    text: `${content.text.trimEnd()}\n\n-- \n${WORDS}: ${url}\n`,
    html: content.html && beforeEnd(content.html, `<p style="${STYLE}"><a href="${attribute(url)}">${WORDS}</a></p>`),
  };
}

function beforeEnd(html: string, part: string): string {
  const end = html.lastIndexOf("</body>");
  return end === -1 ? html + part : html.slice(0, end) + part + html.slice(end);
}

function attribute(url: string): string {
  return url.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
}
