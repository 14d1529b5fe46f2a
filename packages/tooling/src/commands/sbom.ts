import { relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { writeSbom } from "../supply/write-sbom.ts";
import { projectRoot } from "../verify/project-files.ts";

const { values } = parseArgs({ options: { out: { type: "string", default: "dist/sbom.cdx.json" } } });
const file = resolve(projectRoot, values.out);

await writeSbom(projectRoot, file).then(
  (count) => console.log(`${relative(projectRoot, file)} names ${count} components (CycloneDX)`),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
