import { expect, test } from "vitest";
import { loadConfig } from "./config.ts";
import { createVault } from "./crypto.ts";
import { newId } from "./ids.ts";
import { createLogger } from "./log.ts";

const key = (fill: number) => Buffer.alloc(32, fill);
const ring = (id: number, fill: number) => new Map([[id, key(fill)]]);
const cell = { table: "contacts", column: "address", businessId: "b", rowId: "r" };
const needed = {
  DATABASE_URL: "mysql://root@localhost/reminders",
  REDIS_URL: "redis://localhost",
  TOKEN_KEYS: `1:${key(1).toString("base64")}`,
  ENCRYPTION_KEYS: `1:${key(2).toString("base64")}`,
  LOOKUP_KEYS: `1:${key(3).toString("base64")}`,
};

test("all faults of a configuration are told at once, by name and never by value", () => {
  const faulty = { ...needed, PORT: "eighty", REDIS_URL: "http://secret-host", TOKEN_KEYS: "1:c2hvcnQ=" };
  let message = "";
  try {
    loadConfig(faulty, "/nowhere");
  } catch (error) {
    message = String(error);
  }
  expect(message).toMatch(/^ConfigError: .*3 faults/);
  expect(message).toMatch(/PORT: [^]*REDIS_URL|REDIS_URL: [^]*PORT/);
  expect(message).toContain("TOKEN_KEYS");
  expect(message).not.toContain("secret-host");
  expect(message).not.toContain("c2hvcnQ");
});

test("a configuration that is whole has defaults for the rest", () => {
  expect(loadConfig(needed, "/nowhere")).toMatchObject({ PORT: 8000, WORKER_CONCURRENCY: 100, OPS_WRITE: false });
});

test("a channel that is set up half is a fault", () => {
  expect(() => loadConfig({ ...needed, SMTP_URL: "smtp://localhost" }, "/nowhere")).toThrow(/MAIL_FROM: must be set/);
});

test("a queue that does not exist is a fault", () => {
  expect(() => loadConfig({ ...needed, WORKER_QUEUES: "deliver-fax" }, "/nowhere")).toThrow(/deliver-fax/);
  expect(loadConfig({ ...needed, WORKER_QUEUES: "deliver-email, events" }, "/nowhere").WORKER_QUEUES).toEqual([
    "deliver-email",
    "events",
  ]);
});

test.each([
  ["True", true],
  ["true", true],
  ["1", true],
  ["False", false],
  ["FALSE", false],
  ["0", false],
])("STRICT_VALIDATION=%s is read as %s, outside of production (J5)", (written, strict) => {
  expect(loadConfig({ ...needed, STRICT_VALIDATION: written }, "/nowhere").STRICT_VALIDATION).toBe(strict);
});

test("validation is strict unless it is relaxed, and anything else is a fault (J5)", () => {
  expect(loadConfig(needed, "/nowhere").STRICT_VALIDATION).toBe(true);
  expect(() => loadConfig({ ...needed, STRICT_VALIDATION: "no" }, "/nowhere")).toThrow(/STRICT_VALIDATION: must be/);
});

test("a sealed value opens in its own cell only", () => {
  const vault = createVault({ encryptionKeys: ring(1, 1), lookupKeys: ring(1, 2) });
  const sealed = vault.seal("ada@example.com", cell);
  expect(vault.open(sealed, cell)).toBe("ada@example.com");
  expect(() => vault.open(sealed, { ...cell, businessId: "other" })).toThrow(
    expect.objectContaining({ code: "decrypt_failed" }),
  );
});

test("a value that was sealed with an older key still opens, and a key that is gone is named", () => {
  const older = createVault({ encryptionKeys: ring(1, 1), lookupKeys: ring(1, 2) });
  const sealed = older.seal("x", cell);
  const both = new Map([...ring(2, 9), ...ring(1, 1)]);
  expect(createVault({ encryptionKeys: both, lookupKeys: ring(1, 2) }).open(sealed, cell)).toBe("x");
  const newer = createVault({ encryptionKeys: ring(2, 9), lookupKeys: ring(1, 2) });
  expect(() => newer.open(sealed, cell)).toThrow(expect.objectContaining({ code: "key_unknown" }));
});

test("ids of one process sort in the order in which they were made", () => {
  const ids = Array.from({ length: 10_000 }, () => newId());
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test("a log line has the fields that are allowed, and addresses in errors are masked", () => {
  const lines: string[] = [];
  const log = createLogger({ app: "test", level: "info", destination: { write: (line) => void lines.push(line) } });
  log.info(
    { delivery: "d1", email: "ada@example.com", error: new Error("550 no such user ada@example.com +44 7700 900123") },
    "sent",
  );
  expect(lines[0]).toContain('"delivery":"d1"');
  expect(lines[0]).not.toContain("ada@example.com");
  expect(lines[0]).not.toContain("900123");
});

/** What a logger writes of an error. */
function logged(fields: Record<string, unknown>): string {
  const lines: string[] = [];
  const log = createLogger({ app: "test", level: "info", destination: { write: (line) => void lines.push(line) } });
  log.error(fields, "failed");
  return lines.join("");
}

test("a failed statement is logged without its values, of however many lines, in its causes too (S42)", () => {
  const driver = (message: string) => Object.assign(new Error(message), { sqlState: "23000", errno: 1062 });
  const words = [
    "Duplicate entry 'Hill's \n secret' for key 'clients.by_external_id'",
    "Incorrect string value: 'secret\\xF0' for column 'name' at row 1",
    "You have an error in your SQL syntax near 'secret'' at line 1",
  ];
  for (const message of words) {
    const params = "params: Hill Ltd,Dear all,\n\nparams: a secret\n    at secret (secret.ts)\nsecret";
    const error = new Error(`Failed query: insert into clients values (?)\n${params}`, { cause: driver(message) });
    const line = logged({ error });
    expect(line).toContain("Failed query: insert into clients");
    expect(line).toMatch(/"stack":"\s*at .*platform\.test\.ts/);
    expect(line).not.toMatch(/secret|Hill/);
  }
  expect(logged({ error: driver(words[0] ?? "") })).toContain("Duplicate entry *** for key ***");
});

test("what is thrown that is no error, and objects in other fields, are not written out (S42)", () => {
  expect(logged({ error: { password: "secret" } })).toContain('"error":{"name":"object"}');
  expect(logged({ error: "secret" })).not.toContain("secret");
  expect(logged({ reason: { body: "secret" }, job: ["a", { body: "secret" }], state: new Map() })).not.toContain(
    "secret",
  );
  expect(logged({ error: Object.assign(new Error("x"), { code: { of: "secret" } }) })).not.toContain("secret");
  expect(logged({ queues: ["events"], count: 3, code: "ECONNRESET" })).toMatch(
    /"queues":\["events"\],"count":3,"code":"E/,
  );
});
