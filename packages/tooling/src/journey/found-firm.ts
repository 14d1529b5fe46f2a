import { setTimeout as sleep } from "node:timers/promises";
import { getImport, login, register, startImport, verifyEmail } from "@reminder-app/client/api";
import type { Connection } from "@reminder-app/client/send";
import { readMail } from "./inbox.ts";

const owner = { email: "owner@journey.example", password: "nine bridges over the canal" } as const;

/** Register a firm, prove the owner's address by the link that was mailed, and sign in. */
export async function foundFirm(apiUrl: string, sandboxUrl: string): Promise<Connection> {
  const at = { origin: apiUrl };
  const firm = { businessName: "Journey & Partners", name: "Olive Owner", timeZone: "Europe/London", locale: "en-GB" };
  await register({ ...firm, ...owner }, at);
  const mail = await readMail(sandboxUrl, owner.email, /[\w-]{43,}/);
  await verifyEmail({ token: /[\w-]{43,}/.exec(mail)?.[0] ?? "" }, at);
  const { accessToken } = await login(owner, at);
  return { ...at, token: accessToken };
}

/** So many clients as a spreadsheet has them. */
export function spreadsheet(clients: number): string {
  const rows = Array.from(
    { length: clients },
    (_, index) => `"Client ${index}, Ltd",C-${index},${emailOf(index)},Ada Number${index}`,
  );
  return ["Company name,Code,E-mail,Contact", ...rows].join("\r\n");
}

export function emailOf(index: number): string {
  return `client${index}@journey.example`;
}

/** Take a file of clients in, and wait until it is read. */
export async function importClients(as: Connection, csv: string): Promise<Awaited<ReturnType<typeof getImport>>> {
  const { id } = await startImport(new Blob([csv]), { kind: "clients", dryRun: false }, as);
  for (;;) {
    const now = await getImport(id, as);
    if (now.finishedAt !== null) return now;
    await sleep(250);
  }
}
