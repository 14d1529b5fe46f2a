import { type ImportKind, importKinds } from "@reminder-app/db/schema/imports";
import { z } from "zod";
import { line } from "../texts.ts";
import { currencySchema } from "../payments/request-input.ts";
import { fieldNames } from "./fields.ts";
import { decimalSigns } from "./read-amount.ts";
import { dateOrders } from "./read-date.ts";

const heading = z.string().trim().min(1).max(200);

function mappingOf<Field extends string>(fields: readonly Field[]) {
  return z
    .strictObject(Object.fromEntries(fields.map((field) => [field, heading])) as Record<Field, typeof heading>)
    .partial();
}

const bankOptions = {
  dateOrder: z.enum(dateOrders),
  decimal: z.enum(decimalSigns),
  usualCurrency: currencySchema,
};
const mappings = {
  clients: mappingOf(fieldNames.clients),
  bank: mappingOf(fieldNames.bank).extend(z.strictObject(bankOptions).partial().shape),
} as const;

/** Which heading stands for which field; the fields are those of the kind. */
export const mappingSchema = z
  .record(z.string().max(40), heading)
  .refine((given) => Object.keys(given).length <= 40, "has too many fields");

const kindAndMapping = { kind: z.enum(importKinds), mapping: mappingSchema };

/** Throws by zod when a field is not one of the kind. */
export function parseMapping(kind: ImportKind, mapping: z.output<typeof mappingSchema>) {
  return mappings[kind].parse(mapping) as Readonly<Record<string, string>>;
}

export const SaveMappingInput = z
  .strictObject({ name: line(100), ...kindAndMapping })
  .describe("A mapping of the same kind and name is replaced");

export const StartImportQuery = z.strictObject({
  kind: z.enum(importKinds).default("clients"),
  dryRun: z.boolean().default(true).describe("Check and count everything, and write nothing"),
  fileName: line(255).default("import.csv"),
  mapping: z
    .string()
    .max(8_000)
    .optional()
    .describe('JSON of field → heading, such as {"name":"Kunde"}; guessed from the headings when left out'),
  importMappingId: z.uuid().optional().describe("A saved mapping"),
});

export const RunImportInput = z.strictObject({
  dryRun: z.boolean().default(false),
  mapping: mappingSchema.optional().describe("Field → heading; that of the import when left out"),
});
