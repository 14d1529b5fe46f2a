import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Check } from "./check.ts";
import { type ProjectFile, listWorkspaces, withoutComments } from "./project-files.ts";

/** The parts of a package.json that say what is installed, and what an install would run. */
export interface Manifest {
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

const kinds = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"] as const;
const exactVersion = /^\d+\.\d+\.\d+(?:-[\w.]+)?$/;
const runAtInstall = ["preinstall", "install", "postinstall", "prepare", "prepublish"];

/** Dependencies that are not one version of the registry: a range, a tag, an address, a repository, a folder. */
export function pinFaults(folder: string, manifest: Manifest): string[] {
  return kinds.flatMap((kind) =>
    Object.entries(manifest[kind] ?? {})
      .filter(([, version]) => !exactVersion.test(version))
      .map(([name, version]) => `${folder || "the root"} wants ${name} "${version}"; name one exact version`),
  );
}

/** Scripts of our own that an install would have to run: installs run none. */
export function installScriptFaults(folder: string, { scripts = {} }: Manifest): string[] {
  return runAtInstall
    .filter((name) => Object.hasOwn(scripts, name))
    .map((name) => `${folder || "the root"} has a script "${name}", which no install runs`);
}

/** Where an install would run scripts of packages: npm's settings, and each place that calls `npm ci`. */
export function scriptsOnFaults(npmrc: string, callers: readonly ProjectFile[]): string[] {
  const off = /^ignore-scripts\s*=\s*true\s*$/m.test(npmrc) ? [] : [".npmrc must say ignore-scripts=true"];
  const calls = callers.flatMap(({ path, text }) =>
    installsIn(path, text)
      .filter((call) => !call.includes("--ignore-scripts"))
      .map((call) => `${path} installs without --ignore-scripts: ${call.trim()}`),
  );
  return [...off, ...calls];
}

/** Calls of npm that install: as a list of arguments in JavaScript, as a command elsewhere. */
function installsIn(path: string, text: string): readonly string[] {
  if (path.endsWith(".mjs")) return withoutComments(text).match(/\[\s*"(?:ci|i|install)"[^\]]*\]/g) ?? [];
  return text.replaceAll(/^\s*#.*$/gm, "").match(/\bnpm (?:ci|i|install)\b[^&|;\n]*/g) ?? [];
}

const installers = ["Dockerfile.api", "Dockerfile.worker", "packages/tooling/bootstrap/dependencies.mjs", ".ci/run"];

/** What is installed is what was looked at, and it runs nothing while it is installed. Checksums are the lockfile check's. */
export const supplyChainCheck: Check = {
  name: "supply-chain",
  async run(root) {
    const read = (path: string) => readFile(join(root, path), "utf8");
    const manifests = await Promise.all(
      ["", ...(await listWorkspaces(root))].map(async (folder) => ({
        folder,
        manifest: JSON.parse(await read(join(folder, "package.json"))) as Manifest,
      })),
    );
    const callers = await Promise.all(installers.map(async (path) => ({ path, text: await read(path) })));
    return [
      ...manifests.flatMap(({ folder, manifest }) => [
        ...pinFaults(folder, manifest),
        ...installScriptFaults(folder, manifest),
      ]),
      ...scriptsOnFaults(await read(".npmrc"), callers),
    ];
  },
};
