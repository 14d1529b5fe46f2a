import { importKinds, importStates } from "@reminder-app/db/schema/imports";
import { z } from "zod";
import { instant } from "../schemas.ts";

const outcome = z.enum(["created", "changed", "unchanged", "refused"]);
const issues = z.array(z.object({ field: z.string(), message: z.string() }));
const mapping = z.record(z.string(), z.string()).describe("Field → the heading of its column");

const fields = {
  id: z.uuid(),
  kind: z.enum(importKinds),
  state: z.enum(importStates),
  dryRun: z.boolean().describe("Everything is counted as it would be, and nothing is written"),
  fileName: z.string(),
  mapping,
  rowsDone: z.int().describe("How far it is"),
  created: z.int(),
  changed: z.int(),
  unchanged: z.int(),
  refused: z.int(),
  problem: z.string().nullable().describe("Why the whole file was refused"),
  createdBy: z.string(),
  createdAt: instant,
  updatedAt: instant,
  finishedAt: instant.nullable(),
};

export const importSchema = z.object(fields);

export const startedImportSchema = z.object({
  ...fields,
  preview: z.object({
    mapping,
    unused: z.array(z.string()).describe("Headings of columns that nothing is taken from"),
    rows: z
      .array(z.object({ row: z.int(), outcome, issues, cells: z.array(z.string()) }))
      .describe("What the first rows become"),
  }),
});

export const importErrorsSchema = z.object({
  items: z.array(z.object({ row: z.int().describe("As a spreadsheet counts: the heading is row 1"), issues })),
  next: z.int().optional().describe("Give it as after to get the next page"),
});

export const importMappingSchema = z.object({
  id: z.uuid(),
  kind: z.enum(importKinds),
  name: z.string(),
  mapping,
  createdAt: instant,
  updatedAt: instant,
});
