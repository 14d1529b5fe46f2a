import type { CellAddress, Vault } from "@reminder-app/platform/crypto";
import { getTableColumns, getTableName } from "drizzle-orm";
import type { MySqlColumn, MySqlTable } from "drizzle-orm/mysql-core";
import { providerCredentials } from "./schema/access.ts";
import { idempotencyKeys } from "./schema/audit.ts";
import { contactAddresses } from "./schema/clients.ts";
import { inboundMessages } from "./schema/consent.ts";
import { accountMails, invitations, memberTokens, members } from "./schema/members.ts";
import { bankLines, paymentAccounts } from "./schema/payments.ts";
import { testMessages } from "./schema/test-mode.ts";
import { webhookEndpoints } from "./schema/webhooks.ts";

/** A column that the vault writes. */
export interface SealedColumn {
  /** As a person names it: `members.email`. */
  readonly name: string;
  readonly table: MySqlTable;
  readonly column: MySqlColumn;
  /** Whether the column is the sealed bytes, or JSON in whose `body` they stand in base64. */
  readonly form: "bytes" | "body";
  /** The primary key, by the names of its properties. */
  readonly primaryKey: Readonly<Record<string, MySqlColumn>>;
  /** Where the value of a row lives; it is authenticated with the value. */
  cell(row: Readonly<Record<string, unknown>>): CellAddress;
  /** By which column a value is found again, where it is. */
  readonly hashColumn?: MySqlColumn;
  /** The hashes of a value under the look-up keys, the newest first. Only where there is a `hashColumn`. */
  hashes(vault: Vault, plain: string, row: Readonly<Record<string, unknown>>): readonly Buffer[];
}

interface Described<Row, Column, Key, HashRow> {
  readonly column: Column;
  readonly form?: SealedColumn["form"];
  /** The primary key, in its order. */
  readonly key: readonly Key[];
  readonly hash?: { readonly column: keyof Row; readonly kind: (row: HashRow) => string };
}

function sealedColumn<
  Table extends MySqlTable,
  Column extends keyof Table["$inferSelect"] & string,
  Key extends keyof Table["$inferSelect"] & string,
  HashRow = unknown,
>(table: Table, described: Described<Table["$inferSelect"], Column, Key, HashRow>) {
  const columns = getTableColumns(table) as Readonly<Record<string, MySqlColumn>>;
  const column = named(columns, described.column);
  const tableName = getTableName(table);
  const hash = described.hash;
  return {
    name: `${tableName}.${column.name}`,
    table,
    column,
    form: described.form ?? ("bytes" as const),
    primaryKey: Object.fromEntries(described.key.map((name) => [name, named(columns, name)])),
    ...(hash && { hashColumn: named(columns, String(hash.column)) }),

    cell(row: Readonly<Pick<Table["$inferSelect"], Key>>): CellAddress {
      const values = row as Readonly<Record<string, unknown>>;
      const rowId = described.key.filter((name) => name !== "businessId").map((name) => text(values[name]));
      return {
        table: tableName,
        column: column.name,
        businessId: described.key.some((name) => name === "businessId") ? text(values["businessId"]) : "",
        rowId: rowId.join("/"),
      };
    },

    /** Compared without regard to case. */
    hashes(vault: Vault, plain: string, row: HashRow): readonly Buffer[] {
      if (!hash) throw new TypeError(`${tableName}.${column.name} is not looked up`);
      return vault.lookups(hash.kind(row), plain.toLowerCase());
    },
  };
}

function named(columns: Readonly<Record<string, MySqlColumn>>, name: string): MySqlColumn {
  const column = columns[name];
  if (!column) throw new TypeError(`There is no column ${name}`);
  return column;
}

function text(value: unknown): string {
  return Buffer.isBuffer(value) ? value.toString("hex") : String(value);
}

const ofChannel = ({ channel }: { readonly channel: string }) => `address-${channel}`;
const ofMember = () => "member-email";

/** Every column that the vault writes. Verbs name their values' places by it, and the rotation of keys goes through it. */
export const sealedColumns = {
  contactAddress: sealedColumn(contactAddresses, {
    column: "address",
    key: ["businessId", "contactId", "channel"],
    hash: { column: "addressHash", kind: ofChannel },
  }),
  memberEmail: sealedColumn(members, {
    column: "email",
    key: ["id"],
    hash: { column: "emailHash", kind: ofMember },
  }),
  totpSecret: sealedColumn(members, { column: "totpSecret", key: ["id"] }),
  newEmail: sealedColumn(memberTokens, { column: "newEmail", key: ["tokenHash"] }),
  invitationEmail: sealedColumn(invitations, {
    column: "email",
    key: ["businessId", "id"],
    hash: { column: "emailHash", kind: ofMember },
  }),
  testRecipient: sealedColumn(testMessages, { column: "recipient", key: ["businessId", "id"] }),
  accountMail: sealedColumn(accountMails, { column: "email", key: ["id"] }),
  inboundSender: sealedColumn(inboundMessages, {
    column: "sender",
    key: ["id"],
    hash: { column: "senderHash", kind: ofChannel },
  }),
  credentialSecret: sealedColumn(providerCredentials, { column: "secret", key: ["businessId", "provider"] }),
  paymentKey: sealedColumn(paymentAccounts, { column: "secretKey", key: ["businessId"] }),
  paymentWebhookSecret: sealedColumn(paymentAccounts, { column: "webhookSecret", key: ["businessId"] }),
  oldPaymentWebhookSecret: sealedColumn(paymentAccounts, { column: "oldWebhookSecret", key: ["businessId"] }),
  bankLine: sealedColumn(bankLines, { column: "text", key: ["businessId", "id"] }),
  webhookSecret: sealedColumn(webhookEndpoints, { column: "secret", key: ["businessId", "id"] }),
  oldWebhookSecret: sealedColumn(webhookEndpoints, { column: "oldSecret", key: ["businessId", "id"] }),
  idempotencyAnswer: sealedColumn(idempotencyKeys, {
    column: "answer",
    form: "body",
    key: ["businessId", "actor", "route", "key"],
  }),
} as const;

export const allSealedColumns: readonly SealedColumn[] = Object.values(sealedColumns);
