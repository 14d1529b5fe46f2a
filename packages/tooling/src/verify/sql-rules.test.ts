import { expect, test } from "vitest";
import { sqlFaults } from "./sql-rules.ts";

const migration = (text: string) => sqlFaults({ path: "drizzle/0000_init.sql", text });
const repo = (text: string) => sqlFaults({ path: "packages/core/src/clients/client.repo.ts", text });

test.each([
  "CREATE TABLE `a` (`id` binary(16) NOT NULL, `at` datetime(3), CONSTRAINT `a_pk` PRIMARY KEY(`id`,`at`), CHECK ((`at` > 0)));",
  "CREATE INDEX `a_by_body` ON `a` (`business_id`,`body`(20));",
  "CREATE UNIQUE INDEX `a_once` ON `a` (`business_id`,`slot_key`);",
  "INSERT INTO a (id) VALUES (1) ON DUPLICATE KEY UPDATE id = VALUES(id);",
  "ALTER TABLE `a` ADD COLUMN `b` varchar(200) GENERATED ALWAYS AS (lower(`c`)) STORED;",
  "SELECT id FROM a ORDER BY at LIMIT 10 FOR UPDATE SKIP LOCKED;",
  "-- RETURNING and LATERAL do not run on both",
])("a migration may say %s", (statement) => {
  expect(migration(statement)).toEqual([]);
});

test.each([
  ["SELECT * FROM a, LATERAL (SELECT 1) b", "LATERAL"],
  ["INSERT INTO a (id) VALUES (1), (2) AS new ON DUPLICATE KEY UPDATE id = new.id", "INSERT … AS new"],
  ["SELECT body->>'$.name' FROM a", "->>"],
  ["SELECT body->'$.name' FROM a", "->"],
  ["CREATE INDEX `lower_name` ON `a` ((lower(`name`)))", "functional index"],
  ["CREATE INDEX `lower_name` ON `a` (`business_id`,(lower(`name`)))", "functional index"],
  ["SELECT 1 FROM a FOR SHARE", "FOR SHARE"],
  ["SELECT 1 FROM a JOIN b FOR UPDATE OF a", "FOR UPDATE OF"],
  ["CREATE TABLE a (b text) COLLATE utf8mb4_0900_ai_ci", "utf8mb4_0900"],
  ["SELECT uuid_to_bin(uuid())", "UUID_TO_BIN"],
  ["SELECT ANY_VALUE(name) FROM a", "ANY_VALUE"],
  ["SELECT 1 FROM a WHERE 1 MEMBER OF (ids)", "MEMBER OF"],
  ["DELETE FROM a RETURNING id", "RETURNING"],
  ["ALTER TABLE a ADD COLUMN IF NOT EXISTS b int", "ADD COLUMN IF NOT EXISTS"],
  ["ALTER TABLE a DROP COLUMN IF EXISTS b", "does not run on MySQL"],
  ["CREATE INDEX IF NOT EXISTS b ON a (c)", "INDEX IF NOT EXISTS"],
  ["SELECT CONVERT_TZ(at, 'UTC', 'Europe/Madrid') FROM a", "CONVERT_TZ"],
])("%s is refused", (statement, reason) => {
  expect(migration(`SELECT 1;\n${statement};`)).toEqual([expect.stringMatching(/^drizzle\/0000_init\.sql:2 /)]);
  expect(migration(statement).join()).toContain(reason);
});

test("a repository is held to the same words, but not in its comments or its names", () => {
  expect(repo("// no RETURNING here\nconst returningClients = rows.map((row) => row.id);")).toEqual([]);
  expect(repo('await db.select().from(clients).for("update", { skipLocked: true });')).toEqual([]);
  expect(repo("const missing = keys.find((key) => !rows.some(({ hash }) => hash === key));")).toEqual([]);
  expect(repo('await db.select().from(clients).for("share");')).toHaveLength(1);
  expect(repo("await db.execute(sql`select body->>'$.a' from clients`);")).toHaveLength(1);
});

test("a relational query is refused wherever it is written, other code is not read as SQL", () => {
  const verb = (text: string) => sqlFaults({ path: "packages/core/src/clients/get-client.ts", text });

  expect(verb("const found = await db.query.clients.findFirst();")).toHaveLength(1);
  expect(verb("const found = await scope.db.query.clients.findMany();")).toHaveLength(1);
  expect(verb('const page = parse(ListInput, req.query);\nconst text = "returning clients";')).toEqual([]);
});

test("a statement of its own is refused outside of repositories, and unescaped text everywhere (S31)", () => {
  const at = (path: string, text: string) => sqlFaults({ path, text }).length;
  const verb = "packages/core/src/clients/page-clients.ts";
  const repository = "packages/core/src/clients/clients.repo.ts";

  expect(at(verb, "await ctx.db.execute(`select * from clients order by ${query.sort}`);")).toBe(1);
  expect(at("apps/api/src/ops/health.ts", 'await pool.query("delete from clients");')).toBe(1);
  expect(at("apps/api/src/ops/health.ts", 'await pool.query("select 1");')).toBe(0);
  expect(at(repository, "await db.execute(sql`select id from clients where name = ${name}`);")).toBe(0);
  expect(at(repository, "await db.select().from(clients).orderBy(sql.raw(query.sort));")).toBe(1);
  expect(at(verb, "const order = sql.raw(query.sort);")).toBe(1);
  expect(at(verb, "const rows = await clientRepo(ctx).page(filter, { limit });")).toBe(0);
});
