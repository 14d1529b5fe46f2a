import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { generate } from "orval";

const builderPath = "apps/api/src/openapi/build-openapi.ts";
const folder = "packages/client";

/** Write the typed client of the API as its routes are now. */
export async function generateClient(root: string): Promise<void> {
  const generated = join(root, folder, "generated");
  // Computed, because tooling may not depend on an app.
  const builder = (await import(pathToFileURL(join(root, builderPath)).href)) as { buildOpenApi(): object };
  await mkdir(generated, { recursive: true });
  const document = join(generated, "openapi.json");
  await writeFile(document, JSON.stringify(builder.buildOpenApi()));
  await generate(
    {
      input: document,
      output: {
        target: join(generated, "api.ts"),
        client: "fetch",
        mode: "single",
        override: {
          mutator: { path: join(root, folder, "src/send.ts"), name: "send", extension: ".ts" },
          fetch: { includeHttpResponseReturnType: false },
        },
      },
    },
    root,
    { clean: false, logLevel: "silent" } as never,
  );
}
