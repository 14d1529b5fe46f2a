import { gzipSync } from "node:zlib";
import fc, { type GeneratorValue } from "fast-check";
import { type Parts, bytesOf } from "./compose.ts";
import { oddValue } from "./odd-values.ts";
import { chance, pick } from "./pick.ts";
import { type Schema, itemOf, propertyOf } from "./schema.ts";

type Change = (parts: Parts, draw: GeneratorValue) => void;

/** Put something odd in one or two places of a request. */
export function makeOdd(parts: Parts, draw: GeneratorValue): void {
  const times = pick(draw, [1, 1, 1, 2]);
  for (let time = 0; time < times; time += 1) {
    const places = [
      ...(parts.body === undefined ? [] : [oddBody, oddBody, oddBody, oddBody]),
      ...(parts.operation.parameters.some((parameter) => parameter.in === "query") ? [oddQuery] : []),
      ...(Object.keys(parts.params).length > 0 ? [oddParam] : []),
      oddHeader,
    ];
    pick(draw, places)(parts, draw);
  }
}

/** Break the form of a request: its fields, its text, its type, its method. */
export function breakForm(parts: Parts, draw: GeneratorValue): void {
  const always = [otherMethod, unknownQuery, twiceQuery, odderHeaders];
  const withBody = [dropField, addField, wrongType, twiceField, brokenText, hugeNumber, deep, large, compressed];
  const choices = parts.body === undefined ? [...always, bodyOfItsOwn] : [...always, ...withBody, ...withBody];
  pick(draw, choices)(parts, draw);
}

interface Place {
  readonly at: readonly (string | number)[];
  readonly schema: Schema | undefined;
}

/** Every place in a body, the whole first. */
function placesIn(value: unknown, place: Place): Place[] {
  if (Array.isArray(value))
    return [
      place,
      ...value
        .slice(0, 3)
        .flatMap((item, index) => placesIn(item, { at: [...place.at, index], schema: itemOf(place.schema) })),
    ];
  if (typeof value !== "object" || value === null) return [place];
  return [
    place,
    ...Object.entries(value).flatMap(([key, inner]) =>
      placesIn(inner, { at: [...place.at, key], schema: propertyOf(place.schema, key) }),
    ),
  ];
}

function replaced(value: unknown, at: Place["at"], change: (before: unknown) => unknown): unknown {
  const [first, ...rest] = at;
  if (first === undefined) return change(value);
  if (Array.isArray(value))
    return value.map((item, index) => (index === first ? replaced(item, rest, change) : (item as unknown)));
  const entries = Object.entries(value as Record<string, unknown>);
  return Object.fromEntries(
    entries.map(([key, inner]) => [key, key === first ? replaced(inner, rest, change) : inner]),
  );
}

const oddBody: Change = (parts, draw) => {
  const [whole, ...places] = placesIn(parts.body, { at: [], schema: parts.schema });
  const place = places.length > 0 ? pick(draw, places) : whole;
  if (!place) return;
  const odd = oddValue(place.schema, draw);
  parts.body = replaced(parts.body, place.at, () => odd);
};

const oddQuery: Change = (parts, draw) => {
  const queries = parts.operation.parameters.filter((parameter) => parameter.in === "query");
  const { name, schema } = pick(draw, queries);
  const odd = oddValue(schema, draw);
  parts.query = [...parts.query.filter(([other]) => other !== name), [name, String(odd).slice(0, 2_000)]];
};

const oddParam: Change = (parts, draw) => {
  const name = pick(draw, Object.keys(parts.params));
  const id = parts.params[name] ?? "";
  const odd = ["0", "x", "%00", "%E0%A4%A", "%ff", `${id}0`, id.slice(1), id.toUpperCase(), "__proto__", "constructor"];
  const more = [
    "%2e%2e%2f",
    "*",
    "null",
    "a".repeat(400),
    "00000000-0000-0000-0000-000000000000",
    ` ${id}`,
    `${id}%00`,
  ];
  parts.params[name] = pick(draw, [...odd, ...more]);
};

const oddHeaders: readonly (readonly [string, string])[] = [
  ["idempotency-key", ""],
  ["idempotency-key", "x".repeat(101)],
  ["idempotency-key", "same-for-all"],
  ["idempotency-key", "a b"],
  ["x-request-id", "<script>"],
  ["x-request-id", "x".repeat(500)],
  ["x-forwarded-for", "127.0.0.1, ::1, canary"],
  ["x-forwarded-host", "rival.example"],
  ["x-forwarded-proto", "http"],
  ["x-http-method-override", "DELETE"],
  ["x-original-url", "/ops/queues"],
  ["host", "rival.example"],
  ["host", "a:b:c"],
  ["origin", "null"],
  ["origin", "https://rival.example"],
  ["accept", "application/xml"],
  ["accept-encoding", "gzip;q=1.0, identity;q=0"],
  ["accept-language", "xx".repeat(200)],
  ["range", "bytes=0-1"],
  ["if-none-match", "*"],
  ["user-agent", "x".repeat(4_000)],
  ["cookie", "a=".repeat(300)],
];
const oddTokens = [
  "Bearer",
  "Bearer ",
  "Basic b3BzOm9wcw==",
  "bearer a.b.c",
  "Bearer eyJhbGciOiJub25lIn0.e30.",
  `Bearer ${"x".repeat(6_000)}`,
];

const oddHeader: Change = (parts, draw) => {
  const [name, value] = pick(draw, oddHeaders);
  parts.headers[name] = value;
};

const odderHeaders: Change = (parts, draw) => {
  parts.headers["authorization"] = pick(draw, oddTokens);
};

const otherMethod: Change = (parts, draw) => {
  parts.method = pick(draw, ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "PROPFIND"]);
};

const unknownQuery: Change = (parts, draw) => {
  const names = ["unknown", "__proto__", "constructor", "limit[]", "limit[$gt]", "a.b", "toString", "business_id"];
  parts.query.push([pick(draw, names), "1"]);
};

const twiceQuery: Change = (parts) => {
  const first = parts.query[0] ?? ["limit", "1"];
  parts.query.push(first, first);
};

const objectsIn = (parts: Parts) =>
  placesIn(parts.body, { at: [], schema: parts.schema }).filter(({ at }) => {
    let value = parts.body;
    for (const step of at) value = (value as Record<string | number, unknown>)[step];
    return typeof value === "object" && value !== null && !Array.isArray(value);
  });

function inOneObject(parts: Parts, draw: GeneratorValue, change: (fields: [string, unknown][]) => [string, unknown][]) {
  const places = objectsIn(parts);
  if (places.length === 0) return;
  const { at } = pick(draw, places);
  parts.body = replaced(parts.body, at, (before) => Object.fromEntries(change(Object.entries(before as object))));
}

const dropField: Change = (parts, draw) => {
  inOneObject(parts, draw, (fields) => {
    const dropped = draw(fc.nat, { max: Math.max(0, fields.length - 1) });
    return fields.filter((_, index) => index !== dropped);
  });
};

const serverFields = ["id", "businessId", "business_id", "role", "status", "createdAt", "memberId", "constructor", "toString", "unknown", "revision", "passwordHash"]; // prettier-ignore

const addField: Change = (parts, draw) => {
  const name = pick(draw, serverFields);
  inOneObject(parts, draw, (fields) => [...fields, [name, draw(fc.jsonValue, { maxDepth: 1 })]]);
};

const wrongType: Change = (parts, draw) => {
  const types = [
    "text/plain",
    "application/xml",
    "multipart/form-data; boundary=x",
    "application/x-www-form-urlencoded",
  ];
  const more = [
    "application/json; charset=utf-7",
    "application/json; charset=utf-16",
    "application/merge-patch+json",
    "",
  ];
  parts.bytes = bytesOf(parts) ?? Buffer.alloc(0);
  parts.headers["content-type"] = pick(draw, [...types, ...more]);
};

const text = (parts: Parts) => JSON.stringify(parts.body) ?? "null";

const twiceField: Change = (parts, draw) => {
  const whole = text(parts);
  const [field = '"a":1'] = /"\w+":(?:"[^"]*"|\d+|true|false|null)/.exec(whole) ?? [];
  const added = pick(draw, [field, '"__proto__":{"role":"owner"}', '"__proto__":null', '"\\u0000":1']);
  parts.bytes = Buffer.from(whole.replace("{", `{${added}${whole.startsWith("{}") ? "" : ","}`));
};

const brokenText: Change = (parts, draw) => {
  const whole = text(parts);
  const cut = whole.slice(0, draw(fc.nat, { max: Math.max(0, whole.length - 1) }));
  const spoilt = Buffer.concat([Buffer.from(whole), Buffer.from([0xff, 0xfe])]);
  const invalid = Buffer.from(whole.replace('":"', '":"\u0001'), "latin1");
  const others = [cut, `${whole}}`, `\ufeff${whole}`, `[${whole}]`, `"${whole}`, "", " ", "NaN", "'a'", "{a:1}", "\0"];
  const choice = pick<string | Buffer>(draw, [...others, spoilt, invalid]);
  parts.bytes = Buffer.from(choice);
};

const hugeNumber: Change = (parts, draw) => {
  const huge = pick(draw, ["1e999", "-1e999", "9".repeat(400), "0.1e-999", "1E+2", "-0"]);
  const whole = text(parts);
  parts.bytes = Buffer.from(
    /:\d+/.test(whole) ? whole.replace(/:\d+/, `:${huge}`) : whole.replace(/:[^,}\]]+/, `:${huge}`),
  );
};

const deep: Change = (parts, draw) => {
  const depth = pick(draw, [19, 20, 21, 100, 5_000]);
  const nested = chance(draw, 50)
    ? `${"[".repeat(depth)}${"]".repeat(depth)}`
    : `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
  parts.bytes = Buffer.from(chance(draw, 50) ? nested : `{"name":${nested}}`);
};

const large: Change = (parts, draw) => {
  const size = pick(draw, [102_000, 102_400, 102_401, 150_000]);
  parts.bytes = Buffer.from(chance(draw, 50) ? text(parts).padEnd(size) : JSON.stringify({ name: "x".repeat(size) }));
};

const compressed: Change = (parts, draw) => {
  parts.headers["content-encoding"] = pick(draw, ["gzip", "br", "deflate", "identity", "x"]);
  parts.bytes = gzipSync(bytesOf(parts) ?? "");
};

const bodyOfItsOwn: Change = (parts, draw) => {
  parts.bytes = Buffer.from(pick(draw, ["{}", "[]", "null", '{"a":1}', "x", '{"__proto__":{}}', "[".repeat(3_000)]));
  parts.headers["content-type"] = pick(draw, ["application/json", "text/plain", "application/json;charset=latin1"]);
};
