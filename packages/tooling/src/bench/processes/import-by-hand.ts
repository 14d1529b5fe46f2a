// The smallest program that does the work of T11: the same parser, rows and encryption, and nothing looked up or kept of how far it is.
import { createReadStream } from "node:fs";
import { createRequire } from "node:module";
import type { Transform } from "node:stream";
import { environment } from "../../../bootstrap/environment.mjs";
import { addressHash } from "@reminder-app/core/clients/contact";
import { sealedColumns } from "@reminder-app/db/sealed-columns";
import { loadConfig } from "@reminder-app/platform/config";
import { createVault } from "@reminder-app/platform/crypto";
import { type Id, newId, parseUuid } from "@reminder-app/platform/ids";
import { createPool } from "mysql2/promise";

interface Order {
  readonly path: string;
  readonly businessId: Id<"Business">;
}

const BATCH = 500;
/** The product's own parser, whichever version that is. */
const { parse } = createRequire(new URL("../../../../core/package.json", import.meta.url))("csv-parse") as {
  parse(options: object): Transform;
};
const { DATABASE_URL, ENCRYPTION_KEYS, LOOKUP_KEYS } = loadConfig({ ...environment });
const vault = createVault({ encryptionKeys: ENCRYPTION_KEYS, lookupKeys: LOOKUP_KEYS });
const pool = createPool({ uri: DATABASE_URL, connectionLimit: 5, timezone: "Z" });

process.on("message", (message: Order | string) => {
  if (typeof message === "object") void importByHand(message);
});
process.once("disconnect", () => process.exit());
process.send?.({ ready: true });

async function importByHand({ path, businessId }: Order): Promise<void> {
  const startedAt = performance.now();
  const rows = createReadStream(path).pipe(parse({ from_line: 2 })) as AsyncIterable<string[]>;
  let batch: string[][] = [];
  for await (const row of rows) {
    batch.push(row);
    if (batch.length < BATCH) continue;
    await insert(businessId, batch);
    batch = [];
  }
  if (batch.length > 0) await insert(businessId, batch);
  process.send?.({ seconds: (performance.now() - startedAt) / 1_000, peakKb: process.resourceUsage().maxRSS });
}

async function insert(businessId: Id<"Business">, batch: readonly string[][]): Promise<void> {
  const owner = parseUuid(businessId);
  const now = new Date();
  const made = batch.map((row) => ({ row, clientId: parseUuid(newId()), contact: newId<"Contact">() }));
  const connection = await pool.getConnection();
  await connection.beginTransaction();
  await connection.query("insert into clients (business_id, id, name, external_id, created_at, updated_at) values ?", [
    made.map(({ row: [name, code], clientId }) => [owner, clientId, name, code, now, now]),
  ]);
  await connection.query(
    "insert into contacts (business_id, id, client_id, name, roles, preferences, created_at, updated_at) values ?",
    [
      made.map(({ row, clientId, contact }) => [
        owner,
        parseUuid(contact),
        clientId,
        row[2],
        '["primary"]',
        "{}",
        now,
        now,
      ]),
    ],
  );
  const addresses = made.flatMap(({ row: [, , , email = "", phone = ""], contact }) =>
    [["email", email] as const, ["sms", phone] as const].map(([channel, address]) => [
      owner,
      parseUuid(contact),
      channel,
      vault.seal(address, sealedColumns.contactAddress.cell({ businessId, contactId: contact, channel })),
      addressHash(vault, channel, address),
    ]),
  );
  await connection.query(
    "insert into contact_addresses (business_id, contact_id, channel, address, address_hash) values ?",
    [addresses],
  );
  await connection.query("insert into client_tags (business_id, client_id, tag) values ?", [
    made.map(({ row, clientId }) => [owner, clientId, row[5]]),
  ]);
  await connection.commit();
  connection.release();
}
