import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { listWorkspaces, projectRoot } from "../verify/project-files.ts";
import { type Sbom, runtimePackages, runtimeSbom } from "./runtime-sbom.ts";
import { writeSbom } from "./write-sbom.ts";

const lock = {
  "": {},
  "packages/core": {},
  "node_modules/@reminder-app/core": { link: true },
  "node_modules/zod": { version: "4.6.7" },
  "node_modules/pg/node_modules/zod": { version: "3.0.0" },
  "node_modules/old": { name: "new", version: "1.0.0" },
  "node_modules/vitest": { version: "5.1.1", dev: true },
};

const whole = (refs: readonly string[]): Sbom => ({
  bomFormat: "CycloneDX",
  specVersion: "1.5",
  metadata: { component: { name: "a-clone", version: "0.1.0" } },
  components: refs.map((ref) => ({ "bom-ref": ref })),
  dependencies: refs.map((ref) => ({ ref, dependsOn: refs })),
});

test("what runs is what the lock does not mark as for development, in each version (S69)", () => {
  expect([...runtimePackages(lock)]).toEqual(["zod@4.6.7", "zod@3.0.0", "new@1.0.0"]);
  const runs = ["@reminder-app/core@0.1.0", "zod@4.6.7", "zod@3.0.0", "new@1.0.0"];
  const { components, dependencies, metadata } = runtimeSbom(whole([...runs, "vitest@5.1.1"]), lock);
  expect(components.map((component) => component["bom-ref"])).toEqual(runs);
  expect(dependencies).toEqual(runs.map((ref) => ({ ref, dependsOn: runs })));
  expect(metadata.component.name).toBe("reminder-app");
});

test("a bill of materials that lacks a package that runs is refused (S69)", () => {
  expect(() => runtimeSbom(whole(["zod@4.6.7", "new@1.0.0"]), lock)).toThrow("lacks zod@3.0.0");
});

test("the bill of materials names every runtime dependency of every workspace, with its checksum (S69)", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sbom-"));
  const file = join(folder, "sbom.cdx.json");
  const count = await writeSbom(projectRoot, file);
  const sbom = JSON.parse(await readFile(file, "utf8")) as Omit<Sbom, "components"> & {
    components: { "bom-ref": string; hashes?: unknown[] }[];
  };
  await rm(folder, { recursive: true });

  const wanted = await Promise.all(
    (await listWorkspaces(projectRoot)).map(async (workspace) => {
      const text = await readFile(join(projectRoot, workspace, "package.json"), "utf8");
      const { dependencies = {} } = JSON.parse(text) as { dependencies?: Record<string, string> };
      return Object.entries(dependencies).map(([name, version]) => `${name}@${version}`);
    }),
  );
  const named = new Set(sbom.components.map((component) => component["bom-ref"]));
  expect(wanted.flat().filter((ref) => !named.has(ref))).toEqual([]);
  expect(sbom.bomFormat).toBe("CycloneDX");
  expect(count).toBe(sbom.components.length);
  const ours = sbom.components.filter((component) => component["bom-ref"].startsWith("@reminder-app/"));
  expect(sbom.components.filter(({ hashes }) => !hashes?.length)).toEqual(ours);
});
