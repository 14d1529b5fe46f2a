import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { allSealedColumns } from "./sealed-columns.ts";

interface Column {
  readonly name: string;
  getSQLType(): string;
}

const isColumn = (value: unknown): value is Column =>
  typeof value === "object" && value !== null && "getSQLType" in value && "name" in value;

/** What the schema encrypts: only sealed columns are varbinary. */
async function sealedBySchema(): Promise<unknown[]> {
  const folder = new URL("schema/", import.meta.url);
  const found: unknown[] = [];
  for (const file of readdirSync(folder)) {
    const tables = (await import(new URL(file, folder).href)) as Readonly<Record<string, unknown>>;
    for (const table of Object.values(tables)) {
      if (typeof table !== "object" || table === null) continue;
      found.push(...Object.values(table).filter((part) => isColumn(part) && part.getSQLType().startsWith("varbinary")));
    }
  }
  return found;
}

test("every encrypted column of the schema is known to the rotation of keys (S64, S65)", async () => {
  const known = new Set<unknown>(allSealedColumns.filter(({ form }) => form === "bytes").map(({ column }) => column));
  const sealed = await sealedBySchema();
  expect(sealed.length).toBeGreaterThan(7);
  expect(sealed.filter((column) => !known.has(column))).toEqual([]);
  expect(known.size).toBe(sealed.length);
});

test("a cell is named by table, column, business and the rest of the primary key (S64)", () => {
  const cells = allSealedColumns.map((column) =>
    column.cell({
      businessId: "b",
      id: "i",
      contactId: "c",
      channel: "sms",
      provider: "smtp",
      tokenHash: Buffer.alloc(2, 255),
      actor: "a",
      route: "r",
      key: "k",
    }),
  );
  expect(cells.map(({ table, column, businessId, rowId }) => `${table}.${column}.${businessId}.${rowId}`)).toEqual([
    "contact_addresses.address.b.c/sms",
    "members.email..i",
    "members.totp_secret..i",
    "member_tokens.new_email..ffff",
    "invitations.email.b.i",
    "test_messages.recipient.b.i",
    "account_mails.email..i",
    "inbound_messages.sender..i",
    "provider_credentials.secret.b.smtp",
    "payment_accounts.secret_key.b.",
    "payment_accounts.webhook_secret.b.",
    "payment_accounts.old_webhook_secret.b.",
    "bank_lines.text.b.i",
    "webhook_endpoints.secret.b.i",
    "webhook_endpoints.old_secret.b.i",
    "idempotency_keys.answer.b.a/r/k",
  ]);
});
