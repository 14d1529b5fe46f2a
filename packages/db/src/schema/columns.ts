import { type Id, formatUuid, parseUuid } from "@reminder-app/platform/ids";
import { customType, varchar } from "drizzle-orm/mysql-core";

/** A UUID, kept as its 16 bytes. */
export const idColumn = <Entity extends string>(name: string) =>
  customType<{ data: Id<Entity>; driverData: Buffer }>({
    dataType: () => "binary(16)",
    toDriver: (value) => parseUuid(value),
    fromDriver: (bytes) => formatUuid(bytes) as Id<Entity>,
  })(name);

/** An instant to the millisecond, kept in UTC. */
export const instant = customType<{ data: Date; driverData: string }>({
  dataType: () => "datetime(3)",
  toDriver: (value) => value.toISOString().slice(0, 23).replace("T", " "),
  fromDriver: (text) => new Date(`${text.replace(" ", "T")}Z`),
});

/** JSON on both engines: MySQL hands over the value, MariaDB its text. */
export const jsonColumn = <Value>(name: string) =>
  customType<{ data: Value; driverData: unknown }>({
    dataType: () => "json",
    toDriver: (value) => JSON.stringify(value),
    fromDriver: (stored) => (typeof stored === "string" ? JSON.parse(stored) : stored) as Value,
  })(name);

/** A value encrypted by the vault. */
export const sealed = (name: string, bytes: number) =>
  customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => `varbinary(${bytes})` })(name);

/** A SHA-256 or HMAC-SHA-256. */
export const digest = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => "binary(32)" });

/** A word from a closed list. Text, not ENUM: a new word needs no migration. */
export const word = <Word extends string>(name: string) => varchar(name, { length: 32 }).$type<Word>();
