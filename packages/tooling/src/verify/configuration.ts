import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { validationRules } from "@reminder-app/core/validation-rules";
import { loadSandboxSettings } from "@reminder-app/platform/sandbox-settings";
import { settingsSchema } from "@reminder-app/platform/settings";
import type { Check } from "./check.ts";

export interface Setting {
  readonly name: string;
  readonly default: string;
  readonly meaning: string;
}

interface Described {
  readonly description?: string;
  readonly def: {
    readonly type: string;
    readonly defaultValue?: unknown;
    readonly innerType?: Described;
    readonly in?: Described;
  };
}

/** Every setting as the schema has it; the default as one would write it. */
export function settingsOfSchema(shape: Readonly<Record<string, unknown>> = settingsSchema.shape): Setting[] {
  return Object.entries(shape).map(([name, schema]) => {
    const described = schema as Described;
    return { name, default: defaultOf(described), meaning: described.description ?? "" };
  });
}

function defaultOf(schema: Described | undefined): string {
  if (!schema) return "";
  const { def } = schema;
  if (def.type === "default")
    return typeof def.defaultValue === "string" ? def.defaultValue : JSON.stringify(def.defaultValue);
  return defaultOf(def.innerType ?? def.in);
}

/** Settings as a table of README: `| name | default | meaning |`. */
export function settingsOfTable(markdown: string): Setting[] {
  return [...markdown.matchAll(/^\| `([A-Z][A-Z0-9_]*)` *\| *(?:`([^`]*)`)? *\| (.*?) *\|$/gm)].map(
    ([, name = "", standard = "", meaning = ""]) => ({ name, default: standard, meaning }),
  );
}

/** Settings as an example file: a comment that says what it means above `NAME=default`. */
export function settingsOfExample(text: string): Setting[] {
  return [...text.matchAll(/^# (.*)\n([A-Z][A-Z0-9_]*)=(.*)$/gm)].map(([, meaning = "", name = "", standard = ""]) => ({
    name,
    default: standard,
    meaning,
  }));
}

/** What differs between the schema and a text about it. */
export function differences(where: string, schema: readonly Setting[], told: readonly Setting[]): string[] {
  const byName = new Map(told.map((setting) => [setting.name, setting]));
  const known = new Set(schema.map(({ name }) => name));
  const wrong = schema.flatMap(({ name, default: standard, meaning }) => {
    const there = byName.get(name);
    if (!there) return [`${where} does not name ${name}`];
    if (there.default === standard && there.meaning === meaning) return [];
    return [`${where}: ${name} should have the default "${standard}" and say "${meaning}"`];
  });
  const strange = told
    .filter(({ name }) => !known.has(name))
    .map(({ name }) => `${where} names ${name}, which is no setting`);
  return [...wrong, ...strange];
}

/** What differs between the sandbox's own settings and the part of the example that is about them. */
export function sandboxDifferences(where: string, told: readonly Setting[]): string[] {
  const standards = Object.entries(loadSandboxSettings({})).filter(([name]) => isOfSandbox(name));
  const byName = new Map(told.map((setting) => [setting.name, setting.default]));
  const wrong = standards
    .filter(([name, standard]) => byName.get(name) !== String(standard))
    .map(([name, standard]) => `${where}: ${name} should have the default "${standard}"`);
  const known = new Set(standards.map(([name]) => name));
  const others = told.filter(({ name }) => !known.has(name));
  return [
    ...wrong,
    ...others
      .filter(({ name }) => !sandboxKnows(name))
      .map(({ name }) => `${where} names ${name}, which is no setting`),
    ...others
      .filter((setting) => sandboxKnows(setting.name) && setting.default !== "")
      .map(({ name }) => `${where}: ${name} has no default`),
  ];
}

function isOfSandbox(name: string): boolean {
  return name.startsWith("SANDBOX_");
}

/** A setting that the sandbox has is either given back or refused by name. */
function sandboxKnows(name: string): boolean {
  try {
    return name in loadSandboxSettings({ [name]: "1" });
  } catch {
    return true;
  }
}

/** What differs between the business warnings and README's table of them: `| rule | what it warns of |`. */
export function ruleDifferences(markdown: string, rules: Readonly<Record<string, string>>): string[] {
  const told = new Map(
    [...markdown.matchAll(/^\| `([a-z]+(?:_[a-z]+)+)` \| ([^|]+) \|$/gm)].map(([, rule, text]) => [rule, text]),
  );
  const wrong = Object.entries(rules)
    .filter(([rule, text]) => told.get(rule) !== text)
    .map(([rule, text]) => `README.md: the rule ${rule} should be listed as "${text}"`);
  const strange = [...told.keys()].filter((rule) => rule !== undefined && !Object.hasOwn(rules, rule));
  return [...wrong, ...strange.map((rule) => `README.md lists ${rule}, which is no rule`)];
}

/** README's tables of settings and rules, and `.env.example`, are kept equal to the code that reads them. */
export const configurationCheck: Check = {
  name: "configuration",
  async run(root) {
    const read = (file: string) => readFile(join(root, file), "utf8");
    const schema = settingsOfSchema();
    const [ofSandbox, ofProduct] = split(settingsOfExample(await read(".env.example")));
    return [
      ...differences("README.md", schema, settingsOfTable(await read("README.md"))),
      ...differences(".env.example", schema, ofProduct),
      ...sandboxDifferences(".env.example", ofSandbox),
      ...ruleDifferences(await read("README.md"), validationRules),
    ];
  },
};

function split(told: readonly Setting[]): readonly [Setting[], Setting[]] {
  return [told.filter(({ name }) => isOfSandbox(name)), told.filter(({ name }) => !isOfSandbox(name))];
}
