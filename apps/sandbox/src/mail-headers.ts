const LONGEST_HEADER = 32 * 1024;

/** The two headers that the ledger wants at once; a whole parse costs too much at thousands of mails a second. */
export function readMailHeaders(raw: Buffer): { messageId?: string; attempt?: string } {
  const end = raw.indexOf("\r\n\r\n");
  const headers = raw.toString("latin1", 0, Math.min(end === -1 ? raw.length : end, LONGEST_HEADER));
  const messageId = headerValue(headers, "message-id");
  const attempt = headerValue(headers, "x-attempt");
  return { ...(messageId !== undefined && { messageId }), ...(attempt !== undefined && { attempt }) };
}

function headerValue(headers: string, name: string): string | undefined {
  const match = new RegExp(`^${name}:((?:.|\\r\\n[ \\t])*)`, "im").exec(headers);
  return match?.[1]?.replaceAll(/\s+/g, " ").trim();
}
