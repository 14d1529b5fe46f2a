import { Liquid } from "liquidjs";
import { markValue } from "./merged-text.ts";

const allowedTags = new Set(["if", "unless", "case"]);
const allowedFilters = new Set(["default", "upcase", "downcase", "capitalize", "strip", "truncate"]);

/**
 * Liquid for texts that strangers write: own properties only, no files, no loops, no assignments, and limits on
 * parsing, rendering and memory. What a value wrote is marked, see {@link markValue}. Naming a field that has no value throws, except within `if` and before `default`.
 */
export function createLiquid(): Liquid {
  const liquid = new Liquid({
    ownPropertyOnly: true,
    strictFilters: true,
    strictVariables: true,
    lenientIf: true,
    relativeReference: false,
    templates: {},
    parseLimit: 20_000,
    renderLimit: 200,
    memoryLimit: 200_000,
    outputEscape: markValue,
  });
  for (const name of Object.keys(liquid.tags)) if (!allowedTags.has(name)) delete liquid.tags[name];
  for (const name of Object.keys(liquid.filters)) if (!allowedFilters.has(name)) delete liquid.filters[name];
  return liquid;
}
