import { boolean, foreignKey, index, int, mysqlTable, primaryKey, uniqueIndex, varchar } from "drizzle-orm/mysql-core";
import { businesses } from "./businesses.ts";
import { clients } from "./clients.ts";
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
    emailVerifiedAt: instant("email_verified_at"),
    passwordHash: varchar("password_hash", { length: 255 }).notNull(),
    totpSecret: sealed("totp_secret", 128),
    /** Empty while the second factor has been shown but not yet proven. */
    totpConfirmedAt: instant("totp_confirmed_at"),
    /** The last time step whose code was accepted: no code serves twice (RFC 6238, section 5.2). */
    totpLastStep: int("totp_last_step"),
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
    /** Works only with the clients that `client_staff` names. */
    limitedToClients: boolean("limited_to_clients").notNull().default(false),
    disabledAt: instant("disabled_at"),
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
    userAgent: varchar("user_agent", { length: 200 }),
    createdAt: instant("created_at").notNull(),
    /** When the member last proved who they are; credentials change only shortly after. */
    authenticatedAt: instant("authenticated_at"),
    /** When a second factor was last proven in it. */
    secondFactorAt: instant("second_factor_at"),
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
export type RevokedReason = "logout" | "reuse" | "ended";

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

/** Access tokens that a sign-out ended before their time, until they would have expired. */
export const revokedTokens = mysqlTable(
  "revoked_tokens",
  {
    jti: idColumn<"AccessToken">("jti").notNull(),
    expiresAt: instant("expires_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.jti] }), index("revoked_tokens_expired").on(table.expiresAt)],
);

/** One-time codes that stand in for a lost second factor, by their keyed hash. */
export const recoveryCodes = mysqlTable(
  "recovery_codes",
  {
    memberId: idColumn<"Member">("member_id").notNull(),
    codeHash: digest("code_hash").notNull(),
    usedAt: instant("used_at"),
  },
  (table) => [
    primaryKey({ columns: [table.memberId, table.codeHash] }),
    foreignKey({ name: "recovery_codes_member_fk", columns: [table.memberId], foreignColumns: [members.id] }),
  ],
);

export type MemberTokenPurpose = "verify_email" | "reset_password" | "change_email";

/** Single-use tokens that were mailed to a member, by their SHA-256. */
export const memberTokens = mysqlTable(
  "member_tokens",
  {
    tokenHash: digest("token_hash").notNull(),
    memberId: idColumn<"Member">("member_id").notNull(),
    purpose: word<MemberTokenPurpose>("purpose").notNull(),
    /** The address that `change_email` changes to. */
    newEmail: sealed("new_email", 512),
    expiresAt: instant("expires_at").notNull(),
    usedAt: instant("used_at"),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tokenHash] }),
    index("member_tokens_member").on(table.memberId, table.purpose),
    foreignKey({ name: "member_tokens_member_fk", columns: [table.memberId], foreignColumns: [members.id] }),
  ],
);

/** A place in a business that is offered to whoever reads the mail at an address. */
export const invitations = mysqlTable(
  "invitations",
  {
    businessId: idColumn<"Business">("business_id").notNull(),
    id: idColumn<"Invitation">("id").notNull(),
    email: sealed("email", 512).notNull(),
    emailHash: digest("email_hash").notNull(),
    role: word<Role>("role").notNull(),
    limitedToClients: boolean("limited_to_clients").notNull().default(false),
    /** Empty until the mail is written. */
    tokenHash: digest("token_hash"),
    invitedBy: idColumn<"Member">("invited_by").notNull(),
    expiresAt: instant("expires_at").notNull(),
    acceptedAt: instant("accepted_at"),
    revokedAt: instant("revoked_at"),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.businessId, table.id] }),
    uniqueIndex("invitations_token").on(table.tokenHash),
    foreignKey({ name: "invitations_business_fk", columns: [table.businessId], foreignColumns: [businesses.id] }),
  ],
);

export type AccountMailKind =
  | "verify_email"
  | "already_registered"
  | "reset_password"
  | "change_email"
  | "invitation"
  | "account_changed"
  | "client_link";

/**
 * Mail about accounts that is still to be written. It says to whom and why; whether anybody has that address is looked
 * up by the worker, so that asking for it takes the same time for every address.
 */
export const accountMails = mysqlTable(
  "account_mails",
  {
    id: idColumn<"AccountMail">("id").notNull(),
    kind: word<AccountMailKind>("kind").notNull(),
    email: sealed("email", 512).notNull(),
    /** What changed, or which invitation it is about. */
    subjectId: varchar("subject_id", { length: 64 }),
    businessId: idColumn<"Business">("business_id"),
    tries: int("tries").notNull().default(0),
    nextAt: instant("next_at"),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.id] }), index("account_mails_due").on(table.nextAt)],
);

/** Which clients a member works with who is limited to some. */
export const clientStaff = mysqlTable(
  "client_staff",
  {
    businessId: idColumn<"Business">("business_id").notNull(),
    clientId: idColumn<"Client">("client_id").notNull(),
    memberId: idColumn<"Member">("member_id").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.businessId, table.clientId, table.memberId] }),
    index("client_staff_member").on(table.businessId, table.memberId),
    foreignKey({
      name: "client_staff_client_fk",
      columns: [table.businessId, table.clientId],
      foreignColumns: [clients.businessId, clients.id],
    }),
    foreignKey({
      name: "client_staff_membership_fk",
      columns: [table.businessId, table.memberId],
      foreignColumns: [memberships.businessId, memberships.memberId],
    }),
  ],
);
