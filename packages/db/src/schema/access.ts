import { date, foreignKey, index, int, mysqlTable, primaryKey, uniqueIndex, varchar } from "drizzle-orm/mysql-core";
import { type BusinessMode, businesses } from "./businesses.ts";
import { digest, idColumn, instant, jsonColumn, sealed, word } from "./columns.ts";
import type { Role } from "./members.ts";

/** A program's way in: found by the SHA-256 of the key, which is shown once. */
export const apiKeys = mysqlTable(
  "api_keys",
  {
    businessId: idColumn<"Business">("business_id").notNull(),
    id: idColumn<"ApiKey">("id").notNull(),
    name: varchar("name", { length: 100 }).notNull(),
    /** The mode of its business, so that a test key never acts on live data. */
    kind: word<BusinessMode>("kind").notNull(),
    keyHash: digest("key_hash").notNull(),
    lastFour: varchar("last_four", { length: 4 }).notNull(),
    role: word<Role>("role").notNull(),
    scopes: jsonColumn<string[]>("scopes").notNull(),
    createdBy: idColumn<"Member">("created_by").notNull(),
    createdAt: instant("created_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
    lastUsedAt: instant("last_used_at"),
    revokedAt: instant("revoked_at"),
  },
  (table) => [
    primaryKey({ columns: [table.businessId, table.id] }),
    uniqueIndex("api_keys_hash").on(table.keyHash),
    foreignKey({ name: "api_keys_business_fk", columns: [table.businessId], foreignColumns: [businesses.id] }),
  ],
);

/** Failures and uses that slow down what comes after them, by the keyed hash of who or what they count. */
export const throttles = mysqlTable(
  "throttles",
  {
    keyHash: digest("key_hash").notNull(),
    count: int("count").notNull(),
    since: instant("since").notNull(),
    blockedUntil: instant("blocked_until"),
    updatedAt: instant("updated_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.keyHash] }), index("throttles_updated").on(table.updatedAt)],
);

/** How many messages of a business left on a day, by UTC. */
export const dailyUsage = mysqlTable(
  "daily_usage",
  {
    businessId: idColumn<"Business">("business_id").notNull(),
    day: date("day", { mode: "string" }).notNull(),
    sends: int("sends").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.businessId, table.day] }),
    foreignKey({ name: "daily_usage_business_fk", columns: [table.businessId], foreignColumns: [businesses.id] }),
  ],
);

/** A business's own account at a provider. The secret is written, never read back. */
export const providerCredentials = mysqlTable(
  "provider_credentials",
  {
    businessId: idColumn<"Business">("business_id").notNull(),
    provider: word<string>("provider").notNull(),
    /** What may be shown: account, sender. */
    details: jsonColumn<Readonly<Record<string, string>>>("details").notNull(),
    secret: sealed("secret", 2_048).notNull(),
    lastFour: varchar("last_four", { length: 4 }).notNull(),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.businessId, table.provider] }),
    foreignKey({
      name: "provider_credentials_business_fk",
      columns: [table.businessId],
      foreignColumns: [businesses.id],
    }),
  ],
);
