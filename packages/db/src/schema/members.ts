import { foreignKey, index, int, mysqlTable, primaryKey, uniqueIndex, varchar } from "drizzle-orm/mysql-core";
import { businesses } from "./businesses.ts";
import { digest, idColumn, instant, sealed, word } from "./columns.ts";

export const roles = ["viewer", "staff", "admin", "owner"] as const;
export type Role = (typeof roles)[number];

/** A person who signs in. One person may belong to several businesses. */
export const members = mysqlTable(
  "members",
  {
    id: idColumn<"Member">("id").notNull(),
    name: varchar("name", { length: 200 }).notNull(),
    email: sealed("email", 512).notNull(),
    emailHash: digest("email_hash").notNull(),
    passwordHash: varchar("password_hash", { length: 255 }).notNull(),
    tokenVersion: int("token_version").notNull(),
    disabledAt: instant("disabled_at"),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.id] }), uniqueIndex("members_email").on(table.emailHash)],
);

export const memberships = mysqlTable(
  "memberships",
  {
    businessId: idColumn<"Business">("business_id").notNull(),
    memberId: idColumn<"Member">("member_id").notNull(),
    role: word<Role>("role").notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.businessId, table.memberId] }),
    index("memberships_member").on(table.memberId),
    foreignKey({ name: "memberships_business_fk", columns: [table.businessId], foreignColumns: [businesses.id] }),
    foreignKey({ name: "memberships_member_fk", columns: [table.memberId], foreignColumns: [members.id] }),
  ],
);

/** One sign-in of a member to one business; all its refresh tokens are one family. */
export const sessions = mysqlTable(
  "sessions",
  {
    businessId: idColumn<"Business">("business_id").notNull(),
    id: idColumn<"Session">("id").notNull(),
    memberId: idColumn<"Member">("member_id").notNull(),
    createdAt: instant("created_at").notNull(),
    lastUsedAt: instant("last_used_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
    revokedAt: instant("revoked_at"),
    revokedReason: word<RevokedReason>("revoked_reason"),
  },
  (table) => [
    primaryKey({ columns: [table.businessId, table.id] }),
    uniqueIndex("sessions_id").on(table.id),
    foreignKey({
      name: "sessions_membership_fk",
      columns: [table.businessId, table.memberId],
      foreignColumns: [memberships.businessId, memberships.memberId],
    }),
  ],
);
export type RevokedReason = "logout" | "reuse";

/** Refresh tokens by their SHA-256; a rotated one stays, so that its reuse is seen. */
export const refreshTokens = mysqlTable(
  "refresh_tokens",
  {
    tokenHash: digest("token_hash").notNull(),
    businessId: idColumn<"Business">("business_id").notNull(),
    sessionId: idColumn<"Session">("session_id").notNull(),
    createdAt: instant("created_at").notNull(),
    rotatedAt: instant("rotated_at"),
  },
  (table) => [
    primaryKey({ columns: [table.tokenHash] }),
    foreignKey({
      name: "refresh_tokens_session_fk",
      columns: [table.businessId, table.sessionId],
      foreignColumns: [sessions.businessId, sessions.id],
    }),
  ],
);
