import { toInternational } from "@reminder-app/channels/addresses";
import { contactRoles } from "@reminder-app/db/schema/clients";
import type { z } from "zod";
import { CreateClientInput } from "../clients/create-client.ts";
import { slippedEmail } from "../clients/email-domain.ts";
import { tagKey, tagListSchema } from "../tags/tag-input.ts";
import { countryNamed, zoneOfCountry } from "./country.ts";
import { type ClientField, type Columns, folded } from "./fields.ts";
import { type RowIssue, beyondHeading, meant } from "./row-issue.ts";
import type { CsvRow } from "./read-csv.ts";

type Input = z.output<typeof CreateClientInput>;

/** What a row says of a client. What it does not say stays as it is. */
export interface ClientRow {
  readonly row: number;
  readonly client: Pick<Input, "name"> &
    Partial<Pick<Input, "externalId" | "timeZone" | "locale" | "facts" | "neverChase">>;
  /** The zone that all of the client's country keeps, for clients whose own nobody knows. */
  readonly inferredZone?: string;
  readonly contact?: ContactOfRow;
  readonly tags: readonly string[];
  readonly paused: boolean;
}

export interface ContactOfRow {
  readonly name?: string;
  readonly roles?: Input["contacts"][number]["roles"];
  readonly addresses: Readonly<Partial<Record<"email" | "sms" | "whatsapp", string>>>;
}

export interface RowDefaults {
  /** Of phone numbers that are written without one. */
  readonly country: string | undefined;
}

export type ReadRow = { readonly row: ClientRow } | { readonly issues: readonly RowIssue[] };

/** What a row says, checked as the API checks a client that is created, or why it cannot be taken. */
export function readClientRow(csv: CsvRow, columns: Columns, defaults: RowDefaults): ReadRow {
  const cells = cellsOf(csv, columns);
  const said = readCells(cells, defaults);
  const parsed = CreateClientInput.safeParse(said.input);
  cells.issues.push(...(parsed.success ? [] : parsed.error.issues.map(toIssue)));
  if (slippedEmail(said.addresses.email).length > 0)
    cells.issues.push({ field: "email", message: "is at a domain that is most likely mistyped" });
  if (!parsed.success || cells.issues.length > 0) return { issues: cells.issues };
  return { row: { row: csv.row, ...said.others, ...onlySaid(cells, parsed.data) } };
}

interface Cells {
  readonly issues: RowIssue[];
  say(field: ClientField): string | undefined;
  /** What a cell means; undefined, and an issue, when it is none of the words that are `wanted`. */
  word<Value>(field: ClientField, read: (text: string) => Value | undefined, wanted: string): Value | undefined;
}

function cellsOf({ cells }: CsvRow, columns: Columns): Cells {
  const issues = beyondHeading(cells, columns.count);
  const say = (field: ClientField) => {
    const place = columns.places.get(field);
    return place === undefined ? undefined : meant(cells[place]);
  };
  return {
    issues,
    say,
    word(field, read, wanted) {
      const text = say(field);
      const value = text === undefined ? undefined : read(text);
      if (text !== undefined && value === undefined) issues.push({ field, message: wanted });
      return value;
    },
  };
}

/** The row as the API would be told it, and what is only for us. */
function readCells(cells: Cells, { country: usual }: RowDefaults) {
  const { say, word } = cells;
  const country = word("country", countryNamed, "must be a country, like GB or United Kingdom");
  const roles = word("roles", readRoles, `must be some of ${contactRoles.join(", ")}, with ; between`);
  const neverChase = word("neverChase", readNeverChase, "must be auto_billed, internal or no");
  const paused = word("paused", readYesNo, "must be yes or no") ?? false;
  const facts = readFacts(cells);
  const phone = (field: "phone" | "whatsapp") => {
    const text = say(field);
    return text === undefined ? undefined : toInternational(text, country ?? usual);
  };
  const addresses = defined({ email: say("email"), sms: phone("phone"), whatsapp: phone("whatsapp") });
  const contactName = say("contactName");
  const name = say("name") ?? "";
  const hasContact = contactName !== undefined || Object.keys(addresses).length > 0;
  const zone = country !== undefined && say("timeZone") === undefined ? zoneOfCountry(country) : undefined;
  const input = {
    ...defined({ externalId: say("externalId"), timeZone: say("timeZone"), locale: say("locale")?.replace("_", "-") }),
    name,
    ...(Object.keys(facts).length > 0 && { facts }),
    ...(neverChase !== undefined && { neverChase: neverChase === "no" ? null : neverChase }),
    contacts: hasContact ? [{ name: contactName ?? (name || "-"), ...(roles && { roles }), addresses }] : [],
  };
  const tags = readTags(say("tags"), cells.issues);
  return { input, addresses, others: { ...(zone !== undefined && { inferredZone: zone }), tags, paused } };
}

function readFacts({ say, word }: Cells): Record<string, string> {
  return defined({
    yearEnd: word("yearEnd", readYearEnd, "must be the year's last day as MM-DD, for example 03-31"),
    incorporatedOn: say("incorporatedOn"),
    vatStagger: say("vatStagger")?.toLowerCase(),
    usEntity: say("usEntity")?.toLowerCase().replaceAll(/[ -]/g, "_"),
  });
}

/** Without what the schema puts where nothing was said. */
function onlySaid({ say }: Cells, { contacts: [contact], ...client }: Input): Pick<ClientRow, "client" | "contact"> {
  const { name, externalId, timeZone, locale, facts, neverChase } = client;
  const said = (field: ClientField) => say(field) !== undefined;
  return {
    client: {
      name,
      ...(said("externalId") && { externalId }),
      ...(said("timeZone") && { timeZone }),
      ...(said("locale") && { locale }),
      ...(facts && { facts }),
      ...(said("neverChase") && { neverChase }),
    },
    ...(contact && {
      contact: {
        ...(said("contactName") && { name: contact.name }),
        ...(said("roles") && { roles: contact.roles }),
        addresses: defined(contact.addresses),
      },
    }),
  };
}

function defined(fields: Readonly<Record<string, string | null | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, string] => Boolean(entry[1])));
}

/** Where in a row stands what the API calls so. */
const fieldOf: Readonly<Record<string, ClientField>> = {
  "contacts.0.name": "contactName",
  "contacts.0.addresses.email": "email",
  "contacts.0.addresses.sms": "phone",
  "contacts.0.addresses.whatsapp": "whatsapp",
};

function toIssue({ path, message }: { path: readonly PropertyKey[]; message: string }): RowIssue {
  const name = path.join(".");
  return { field: fieldOf[name] ?? String(path.at(-1) ?? ""), message };
}

function readTags(text: string | undefined, issues: RowIssue[]): string[] {
  const parts = (text ?? "").split(/[|;,]/).map((part) => part.trim());
  const tags = [...new Map(parts.filter((part) => part !== "").map((tag) => [tagKey(tag), tag])).values()];
  const parsed = tagListSchema.safeParse(tags);
  if (!parsed.success) issues.push({ field: "tags", message: parsed.error.issues[0]?.message ?? "are no tags" });
  return parsed.data ?? [];
}

function readRoles(text: string) {
  const words = text.split(/[|;,]/).map((word) => word.trim().toLowerCase());
  const roles = words.filter((word) => word !== "").map((word) => contactRoles.find((role) => role === word));
  return roles.includes(undefined) || roles.length === 0 ? undefined : [...new Set(roles)];
}

const yes = new Set(["yes", "y", "true", "1", "x", "ja", "oui", "si", "tak"]);
const no = new Set(["no", "n", "false", "0", "nein", "non", "nee", "nie"]);

function readYesNo(text: string): boolean | undefined {
  const word = folded(text);
  if (yes.has(word)) return true;
  return no.has(word) ? false : undefined;
}

function readNeverChase(text: string): "auto_billed" | "internal" | "no" | undefined {
  const word = folded(text);
  if (word === "autobilled" || word === "internal") return word === "internal" ? "internal" : "auto_billed";
  return no.has(word) ? "no" : undefined;
}

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** `03-31`, `2026-03-31` or `31 March`. Which of `05/04` is the month nobody can know. */
function readYearEnd(text: string): string | undefined {
  const [, monthOnly] = /^(?:\d{4}-)?(\d\d-\d\d)$/.exec(text) ?? [];
  if (monthOnly) return monthOnly;
  const [, day, word] = /^(\d{1,2})(?:st|nd|rd|th)?[ -]([A-Za-z]{3,9})(?:[ -]\d{2,4})?$/.exec(text) ?? [];
  const month = months.indexOf((word ?? "").slice(0, 3).toLowerCase()) + 1;
  return day && month > 0 ? `${String(month).padStart(2, "0")}-${day.padStart(2, "0")}` : undefined;
}
