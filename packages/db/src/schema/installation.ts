import { mysqlTable, primaryKey, varchar } from "drizzle-orm/mysql-core";
import { instant } from "./columns.ts";

/** What is true of the whole installation: the version of the time zone data that due moments were worked out with. */
export const installation = mysqlTable(
  "installation",
  {
    name: varchar("name", { length: 40 }).notNull(),
    value: varchar("value", { length: 200 }).notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.name] })],
);
