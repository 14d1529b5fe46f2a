import type { Check } from "./check.ts";
import { linesOf, type ProjectFile, readFiles, withoutComments } from "./project-files.ts";

interface SqlRule {
  readonly pattern: RegExp;
  readonly reason: string;
}

const notOnMariaDb = (what: string) => `${what} does not run on MariaDB 10.11`;
const notOnMySql = (what: string) => `${what} does not run on MySQL`;

/** Statements run on MySQL 8.0 to 9 and on MariaDB 10.11, so neither dialect's own words may appear. */
const sqlRules: readonly SqlRule[] = [
  { pattern: /\blateral\b/i, reason: notOnMariaDb("LATERAL") },
  { pattern: /\bvalues\s*\([^;]*\)\s*as\s+[`\w]/i, reason: notOnMariaDb("INSERT … AS new; use VALUES(column), it") },
  { pattern: /->>|->\s*['"]\$/, reason: notOnMariaDb("-> and ->>; use JSON_VALUE, they") },
  { pattern: /\b(?:index|key|unique)\b[^;\n()]*\((?:[^()]*,)?\s*\(/i, reason: notOnMariaDb("a functional index") },
  { pattern: /\bfor\s+share\b|\.for\(\s*["'`]share/i, reason: notOnMariaDb("FOR SHARE") },
  { pattern: /\bfor\s+update\s+of\b/i, reason: notOnMariaDb("FOR UPDATE OF") },
  { pattern: /utf8mb4_0900/i, reason: notOnMariaDb("utf8mb4_0900_*") },
  { pattern: /\b(?:uuid_to_bin|bin_to_uuid)\b/i, reason: notOnMariaDb("UUID_TO_BIN") },
  { pattern: /\b(?:any_value|regexp_like)\s*\(/i, reason: notOnMariaDb("ANY_VALUE or REGEXP_LIKE") },
  { pattern: /\bmember\s+of\s*\(/i, reason: notOnMariaDb("MEMBER OF") },
  { pattern: /\breturning\b/i, reason: notOnMySql("RETURNING") },
  { pattern: /\badd\s+(?:\w+\s+)?if\s+not\s+exists\b/i, reason: notOnMySql("ADD COLUMN IF NOT EXISTS") },
  { pattern: /\bdrop\s+(?:column|index|key|constraint|foreign\s+key)\s+if\s+exists\b/i, reason: notOnMySql("it") },
  { pattern: /\bcreate\s+(?:unique\s+)?index\s+if\s+not\s+exists\b/i, reason: notOnMySql("INDEX IF NOT EXISTS") },
  { pattern: /\bconvert_tz\b/i, reason: "CONVERT_TZ needs zone tables; zones belong to packages/schedule" },
];

/** Drizzle's relational queries become LATERAL joins, wherever they are written. */
const relationalQuery: SqlRule = {
  pattern: /\b(?:db|tx|database)\.query\b|\.query\s*\.\s*\w+\s*\.\s*find(?:First|Many)\b/,
  reason: "db.query emits LATERAL; use the core builder",
};

/** A statement as text reaches the database without an import that the rules on imports would see. */
const rawStatement: SqlRule = {
  pattern: /\.execute\(|\.query\((?!\s*"select 1"\))/,
  reason: "a statement of its own; queries live in *.repo.ts of packages/core",
};

/** Text that is not escaped is part of the statement, whoever wrote it. */
const rawText: SqlRule = { pattern: /\bsql\.raw\b/, reason: "sql.raw puts unescaped text into a statement" };

const speaksToDatabase = /\.repo\.ts$|^packages\/(?:db|testing|tooling)\//;
/** Names of columns, which come from the schema and cannot be parameters. */
const namesColumns = "packages/db/src/bulk.ts";

function rulesFor({ path }: ProjectFile): readonly SqlRule[] {
  if (path.endsWith(".sql")) return sqlRules;
  return [
    ...(path.endsWith(".repo.ts") ? sqlRules : []),
    ...(speaksToDatabase.test(path) ? [] : [rawStatement]),
    ...(path === namesColumns ? [] : [rawText]),
    relationalQuery,
  ];
}

/** What in `file` does not run on both databases, or is SQL where none should be: `path:line reason`. */
export function sqlFaults(file: ProjectFile): readonly string[] {
  const rules = rulesFor(file);
  const text = file.path.endsWith(".sql") ? file.text.replace(/^\s*--.*$/gm, "") : withoutComments(file.text);
  return rules.flatMap(({ pattern, reason }) => linesOf(text, pattern).map((line) => `${file.path}:${line} ${reason}`));
}

export const sqlCheck: Check = {
  name: "sql",
  async run(root) {
    const files = await readFiles(root, {
      folders: ["drizzle", "packages", "apps"],
      pattern: /\.sql$|(?<!\.test)\.ts$/,
    });
    return files.filter(({ path }) => !path.startsWith("packages/tooling/src/verify/")).flatMap(sqlFaults);
  },
};
