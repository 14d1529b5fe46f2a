import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createConfig, lintFromString, type NormalizedProblem } from "@redocly/openapi-core";
import type { Check } from "./check.ts";

const builderPath = "apps/api/src/openapi/build-openapi.ts";

/** Faults of an OpenAPI document: where, and what is wrong. Warnings count: a document is right or it is not. */
export async function openApiFaults(document: object): Promise<readonly string[]> {
  const config = await createConfig({
    extends: ["recommended"],
    rules: {
      "info-license": "off",
      "info-license-strict": "off",
      "no-server-example.com": "off",
      "operation-4xx-response": "error",
      "operation-operationId": "error",
      "operation-operationId-unique": "error",
      "operation-summary": "error",
      "security-defined": "error",
      "tag-description": "off",
    },
  });
  const problems = await lintFromString({ source: JSON.stringify(document), absoluteRef: "openapi.json", config });
  return problems.map(describe);
}

function describe({ location, message, ruleId }: NormalizedProblem): string {
  const [place] = location;
  return `${place?.pointer ?? "#/"} ${message} (${ruleId})`;
}

export const openApiCheck: Check = {
  name: "openapi",
  async run(root) {
    const path = join(root, builderPath);
    if (!existsSync(path)) return [`${builderPath} is not there yet`];
    // Computed, because tooling may not depend on an app.
    const builder = (await import(pathToFileURL(path).href)) as { buildOpenApi(): object };
    return openApiFaults(builder.buildOpenApi());
  },
};
