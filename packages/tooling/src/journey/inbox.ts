import { setTimeout as sleep } from "node:timers/promises";

const PATIENCE_MS = 60_000;

interface Shown {
  readonly seq: number;
  readonly subject?: string;
}

/** What a person at `address` reads, once a message whose text matches has come. Rejects when none does in time. */
export async function readMail(sandboxUrl: string, address: string, pattern: RegExp): Promise<string> {
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await sleep(250)) {
    for (const { seq } of await messagesTo(sandboxUrl, address)) {
      const { text = "" } = await get<{ text?: string }>(`${sandboxUrl}/sandbox/messages/${seq}`);
      if (pattern.test(text)) return text;
    }
  }
  throw new Error(`No message like ${pattern} came to ${address}`);
}

async function messagesTo(sandboxUrl: string, address: string): Promise<readonly Shown[]> {
  const { messages } = await get<{ messages: readonly Shown[] }>(
    `${sandboxUrl}/sandbox/messages?channel=email&to=${encodeURIComponent(address)}&limit=200`,
  );
  return messages;
}

async function get<Answer>(url: string): Promise<Answer> {
  return (await (await fetch(url)).json()) as Answer;
}
