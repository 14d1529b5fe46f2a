import { boolean, foreignKey, index, int, mysqlTable, primaryKey, uniqueIndex, varchar } from "drizzle-orm/mysql-core";
import { businesses } from "./businesses.ts";
import { clients } from "./clients.ts";
import { idColumn, instant, jsonColumn, word } from "./columns.ts";
import { reminders } from "./reminders.ts";

/** What a CSV file holds. */
export const importKinds = ["clients", "bank"] as const;
export type ImportKind = (typeof importKinds)[number];
export const importStates = ["waiting", "running", "done", "failed", "cancelled"] as const;
export type ImportState = (typeof importStates)[number];

/** Which column of the file is which field of ours: field → heading. */
export type ColumnMapping = Readonly<Record<string, string>>;

/** A CSV file that is read row by row, by a job that goes on where it was. */
export const imports = mysqlTable(
  "imports",
  {
    businessId: idColumn<"Business">("business_id").notNull(),
    id: idColumn<"Import">("id").notNull(),
    kind: word<ImportKind>("kind").notNull(),
    state: word<ImportState>("state").notNull(),
    /** Everything is checked and counted, and nothing is written. */
    dryRun: boolean("dry_run").notNull(),
    /** Where the file lies in the file store. */
    fileKey: varchar("file_key", { length: 200 }).notNull(),
    fileName: varchar("file_name", { length: 255 }).notNull(),
    mapping: jsonColumn<ColumnMapping>("mapping").notNull(),
    /** How many rows are done; where it goes on after a crash. */
    rowsDone: int("rows_done").notNull().default(0),
    created: int("created").notNull().default(0),
    changed: int("changed").notNull().default(0),
    unchanged: int("unchanged").notNull().default(0),
    refused: int("refused").notNull().default(0),
    /** Why the whole file was refused. */
    problem: varchar("problem", { length: 500 }),
    createdBy: varchar("created_by", { length: 80 }).notNull(),
    fence: int("fence").notNull().default(0),
    leaseUntil: instant("lease_until"),
    crashes: int("crashes").notNull().default(0),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
    finishedAt: instant("finished_at"),
  },
  (table) => [
    primaryKey({ columns: [table.businessId, table.id] }),
    index("imports_waiting").on(table.state, table.leaseUntil),
    foreignKey({ name: "imports_business_fk", columns: [table.businessId], foreignColumns: [businesses.id] }),
  ],
);

/** Why a row was refused; never what stood in it. The error file is the import's own file, read again. */
export const importErrors = mysqlTable(
  "import_errors",
  {
    businessId: idColumn<"Business">("business_id").notNull(),
    importId: idColumn<"Import">("import_id").notNull(),
    /** The heading's row is 1. */
    row: int("row_number").notNull(),
    position: int("position").notNull(),
    field: varchar("field", { length: 100 }).notNull(),
    message: varchar("message", { length: 500 }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.businessId, table.importId, table.row, table.position] }),
    foreignKey({
      name: "import_errors_import_fk",
      columns: [table.businessId, table.importId],
      foreignColumns: [imports.businessId, imports.id],
    }),
  ],
);

/** A mapping to be used again. */
export const importMappings = mysqlTable(
  "import_mappings",
  {
    businessId: idColumn<"Business">("business_id").notNull(),
    id: idColumn<"ImportMapping">("id").notNull(),
    kind: word<ImportKind>("kind").notNull(),
    name: varchar("name", { length: 100 }).notNull(),
    mapping: jsonColumn<ColumnMapping>("mapping").notNull(),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.businessId, table.id] }),
    uniqueIndex("import_mappings_name").on(table.businessId, table.kind, table.name),
    foreignKey({ name: "import_mappings_business_fk", columns: [table.businessId], foreignColumns: [businesses.id] }),
  ],
);

export const clientTags = mysqlTable(
  "client_tags",
  {
    businessId: idColumn<"Business">("business_id").notNull(),
    clientId: idColumn<"Client">("client_id").notNull(),
    /** As it was first written; compared without regard to case. */
    tag: varchar("tag", { length: 60 }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.businessId, table.clientId, table.tag] }),
    index("client_tags_tag").on(table.businessId, table.tag),
    foreignKey({
      name: "client_tags_client_fk",
      columns: [table.businessId, table.clientId],
      foreignColumns: [clients.businessId, clients.id],
    }),
  ],
);

/** Who has the tag is on the reminder. */
export const tagRules = mysqlTable(
  "tag_rules",
  {
    businessId: idColumn<"Business">("business_id").notNull(),
    id: idColumn<"TagRule">("id").notNull(),
    tag: varchar("tag", { length: 60 }).notNull(),
    reminderId: idColumn<"Reminder">("reminder_id").notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.businessId, table.id] }),
    uniqueIndex("tag_rules_once").on(table.businessId, table.tag, table.reminderId),
    foreignKey({
      name: "tag_rules_reminder_fk",
      columns: [table.businessId, table.reminderId],
      foreignColumns: [reminders.businessId, reminders.id],
    }),
  ],
);
