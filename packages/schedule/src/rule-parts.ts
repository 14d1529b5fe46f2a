/** How one part of a recurrence rule is read: `read` answers undefined for what `takes` does not allow. */
interface Part<T> {
  readonly read: (text: string) => T | undefined;
  readonly takes: string;
}

const weekdays = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"] as const;

const parts = {
  FREQ: {
    read: oneOf("DAILY", "WEEKLY", "MONTHLY", "YEARLY"),
    takes: "DAILY, WEEKLY, MONTHLY or YEARLY: nothing repeats within a day",
  },
  INTERVAL: { read: wholeNumber(1, 1000), takes: "a whole number, 1 to 1000" },
  COUNT: { read: wholeNumber(1, 10_000), takes: "a whole number, 1 to 10000" },
  UNTIL: { read: untilText, takes: "a date or time like 20271231, 20271231T090000 (local) or 20271231T090000Z" },
  BYDAY: {
    read: listOf(weekdayToken),
    takes: "days like MO,TU, or with their number in the month or year like 1MO,-1FR",
  },
  BYMONTH: { read: listOf(wholeNumber(1, 12)), takes: "months 1 to 12" },
  BYMONTHDAY: { read: listOf(fromEitherEnd(31)), takes: "days 1 to 31, or -31 to -1 from the end" },
  BYYEARDAY: { read: listOf(fromEitherEnd(366)), takes: "days 1 to 366, or -366 to -1 from the end" },
  BYSETPOS: { read: listOf(fromEitherEnd(366)), takes: "positions 1 to 366, or -366 to -1 from the end" },
  BYHOUR: { read: wholeNumber(0, 23), takes: "one hour, 0 to 23; for several times a day write a schedule for each" },
  BYMINUTE: {
    read: wholeNumber(0, 59),
    takes: "one minute, 0 to 59; for several times a day write a schedule for each",
  },
  BYSECOND: {
    read: wholeNumber(0, 59),
    takes: "one second, 0 to 59; for several times a day write a schedule for each",
  },
  WKST: { read: oneOf(...weekdays), takes: "the day on which a week starts, MO to SU" },
  RSCALE: { read: oneOf("GREGORIAN"), takes: "GREGORIAN, the only calendar" },
  SKIP: { read: oneOf("OMIT", "BACKWARD"), takes: "OMIT or BACKWARD (the last day of a shorter month)" },
} satisfies Record<string, Part<unknown>>;

const unsupported: Readonly<Record<string, string>> = {
  BYEASTER: "BYEASTER is not part of RFC 5545; name the dates in `include`",
  BYWEEKNO: "BYWEEKNO is not supported; write BYMONTH with BYDAY, or name the dates in `include`",
};

type Parts = typeof parts;
type Value<Name extends keyof Parts> = NonNullable<ReturnType<Parts[Name]["read"]>>;

/** The parts of a recurrence rule, under their names of RFC 5545. */
export type RuleParts = { readonly FREQ: Value<"FREQ"> } & { readonly [Name in keyof Parts]?: Value<Name> };

/** Reads the text of an RRULE strictly, part by part. Gives the parts, or every fault with what to write instead. */
export function readRuleParts(text: string): { rule: RuleParts } | { faults: readonly string[] } {
  const rule: Record<string, unknown> = {};
  const faults: string[] = [];
  for (const part of text.split(";")) {
    const fault = readPart(part, rule);
    if (fault) faults.push(fault);
  }
  if (rule["FREQ"] === undefined && faults.length === 0)
    faults.push("FREQ is missing; begin with FREQ=DAILY, WEEKLY, MONTHLY or YEARLY");
  return faults.length > 0 ? { faults } : { rule: rule as RuleParts };
}

/** The rule as text again, as a library takes it. */
export function writeRuleParts(rule: RuleParts): string {
  return Object.entries(rule)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(";");
}

function readPart(text: string, rule: Record<string, unknown>): string | undefined {
  if (text === "")
    return "The rule has an empty part; write NAME=value parts with one ; between them and none at the end";
  const [name, value, ...rest] = text.split("=");
  if (!name || value === undefined || rest.length > 0) return `${quote(text)} is no rule part; write NAME=value`;
  if (Object.hasOwn(unsupported, name)) return unsupported[name];
  if (!isPartName(name)) return `${quote(name)} is no rule part; known are ${Object.keys(parts).join(", ")}`;
  if (Object.hasOwn(rule, name)) return `${name} is given twice; give it once`;
  if (value === "") return `${name} is empty; it takes ${parts[name].takes}`;

  rule[name] = parts[name].read(value);
  return rule[name] === undefined ? `${name} takes ${parts[name].takes}; not ${quote(value)}` : undefined;
}

function isPartName(name: string): name is keyof Parts {
  return Object.hasOwn(parts, name);
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 40));
}

function oneOf<const T extends string>(...allowed: readonly T[]) {
  return (text: string): T | undefined => allowed.find((value) => value === text);
}

function wholeNumber(least: number, most: number) {
  return (text: string): number | undefined => {
    const value = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
    return value >= least && value <= most ? value : undefined;
  };
}

function fromEitherEnd(most: number) {
  return (text: string): number | undefined => {
    const value = /^[+-]?\d{1,3}$/.test(text) ? Number(text) : 0;
    return value !== 0 && Math.abs(value) <= most ? value : undefined;
  };
}

function weekdayToken(text: string): string | undefined {
  const [, ordinal, weekday] = /^([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)$/.exec(text) ?? [];
  if (!weekday || ordinal === undefined) return weekday;
  const number = fromEitherEnd(53)(ordinal);
  return number === undefined ? undefined : `${number}${weekday}`;
}

function listOf<T>(read: (text: string) => T | undefined) {
  return (text: string): readonly T[] | undefined => {
    const values = text.split(",").map(read);
    const isWhole = values.every((value) => value !== undefined) && new Set(values).size === values.length;
    return isWhole ? values : undefined;
  };
}

function untilText(text: string): string | undefined {
  const [, year, month, day, time = "000000"] = /^(\d{4})(\d\d)(\d\d)(?:T(\d{6})Z?)?$/.exec(text) ?? [];
  const iso = `${year}-${month}-${day}T${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4)}`;
  const ms = Date.parse(`${iso}Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(iso) ? text : undefined;
}
