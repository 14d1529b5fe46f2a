import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { runNpm } from "../services/run-npm.ts";
import { type LockedPackage, type Sbom, runtimeSbom } from "./runtime-sbom.ts";

const PATIENCE_MS = 60_000;

/** Write what the product runs on as CycloneDX JSON, from the lockfile alone. Answers how many components it names. */
export async function writeSbom(root: string, file: string): Promise<number> {
  const { code, stdout, output } = await runNpm(
    ["sbom", "--sbom-format=cyclonedx", "--package-lock-only", "--prefix", root],
    PATIENCE_MS,
  );
  if (code !== 0) throw new Error(`npm sbom failed:\n${output.trim().split("\n").slice(-5).join("\n")}`);
  const lock = JSON.parse(await readFile(join(root, "package-lock.json"), "utf8")) as {
    packages: Record<string, LockedPackage>;
  };
  const sbom = runtimeSbom(JSON.parse(stdout) as Sbom, lock.packages);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(sbom, undefined, 2)}\n`);
  return sbom.components.length;
}
