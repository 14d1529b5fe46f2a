import type { GeneratorValue } from "fast-check";
import { chance, pick } from "./pick.ts";
import type { Schema } from "./schema.ts";

const strings = [
  "",
  " ",
  "\u0000",
  "a\u0000b",
  "\ud800",
  "a\udfff",
  "\ufeff",
  "\u202egnirts",
  "e\u0301",
  "İıſ",
  "😀".repeat(300),
  "x".repeat(10_001),
  "a\r\nBcc: eve@rival.example",
  "../../etc/passwd",
  "' or '1'='1",
  "=HYPERLINK(1)",
  "<script>alert(1)</script>",
  "{{ client.name | times: 99999999 }}",
  "{{ client.constructor }}",
  "{% for i in (1..99999999) %}x{% endfor %}",
  "{{ client",
  "%00",
  "null",
  "NaN",
  "constructor",
  "__proto__",
  "0000-00-00",
  "0000-01-01T00:00",
  "2027-02-30",
  "2027-02-29T25:61",
  "9999-12-31",
  "9999-12-31T23:59",
  "9999-12-31T23:59:59Z",
  "+275760-09-13T00:00:00Z",
  "-271821-04-20T00:00:00Z",
  "2027-06-31T00:00:00+99:99",
  "FREQ=SECONDLY",
  "FREQ=YEARLY;INTERVAL=1000;BYMONTH=2;BYMONTHDAY=29",
  "FREQ=DAILY;UNTIL=99991231T235959Z",
  "FREQ=DAILY;BYDAY=+54MO;BYSETPOS=-366",
  "Etc/Unknown",
  "../Europe/London",
  "xx-xx-xx-xx-xx-xx-xx-xx-xx-xx-xx-xx",
  "00000000-0000-0000-0000-000000000000",
  "ffffffff-ffff-ffff-ffff-ffffffffffff",
  "a@b",
  `${"a".repeat(65)}@${"b".repeat(250)}.example`,
  "+999999999999999999",
  "http://169.254.169.254/latest",
  "https://[::1]/",
  "javascript:alert(1)",
] as const;

const numbers = [0, -0, -1, 1.5, 2 ** 31, 2 ** 32, 2 ** 53, -(2 ** 53), 1e21, 1.7e308, 5e-324] as const;

const others: readonly unknown[] = [null, true, false, [], {}, [[]], [null], [{}], { a: 1 }, { constructor: {} }];

/** What may well be forgotten when a value of `schema` is checked: its bounds and what is just beyond, and other kinds of value. */
export function oddValue(schema: Schema | undefined, draw: GeneratorValue): unknown {
  const atBounds = bounds(schema ?? {});
  return atBounds.length > 0 && chance(draw, 50)
    ? pick(draw, atBounds)
    : pick<unknown>(draw, [...strings, ...numbers, ...others]);
}

/** Values at the bounds of `schema`, and just beyond. */
function bounds({ minLength, maxLength, minimum, maximum, items, minItems, maxItems, ...schema }: Schema): unknown[] {
  const lengths = [minLength, minLength && minLength - 1, maxLength, maxLength && maxLength + 1].filter(isNumber);
  const text = lengths.flatMap((length) => ["x".repeat(length), "é".repeat(length)]);
  const amounts = [minimum, maximum].filter(isNumber).flatMap((bound) => [bound, bound - 1, bound + 1, bound + 0.5]);
  const counts = items ? [0, minItems, maxItems, isNumber(maxItems) ? maxItems + 1 : 5_000].filter(isNumber) : [];
  const lists = counts.map((length) => Array.from({ length: Math.min(length, 20_000) }, () => null));
  const alternatives = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap(bounds);
  return [...text, ...amounts, ...lists, ...alternatives];
}

const isNumber = (value: unknown): value is number => typeof value === "number";
