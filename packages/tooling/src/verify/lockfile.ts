import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Check } from "./check.ts";
import { listWorkspaces } from "./project-files.ts";

type Versions = Readonly<Record<string, string>>;

interface LockedPackage {
  readonly link?: boolean;
  readonly inBundle?: boolean;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly dependencies?: Versions;
  readonly devDependencies?: Versions;
  readonly optionalDependencies?: Versions;
}

/** The `packages` of a package-lock.json, by the folder in which each is installed. */
export type LockedPackages = Readonly<Record<string, LockedPackage>>;

/**
 * What makes a clean install fail or differ elsewhere: a platform's package that another one names and the lock
 * lacks, an entry without a checksum, an entry tied to one download host.
 */
export function lockFaults(locked: LockedPackages): readonly string[] {
  return Object.entries(locked).flatMap(([folder, entry]) => [
    ...Object.entries(entry.optionalDependencies ?? {})
      .filter(([name]) => !isLockedFor(locked, folder, name))
      .map(([name, range]) => `${folder || "the root"} names ${name}@${range}, which the lock lacks`),
    ...(/^[a-z+]+:/.test(entry.resolved ?? "") ? [`${folder} is tied to one address: remove its "resolved"`] : []),
    ...(isDownloaded(folder, entry) && !entry.integrity ? [`${folder} has no checksum`] : []),
  ]);
}

/** Where a workspace asks for another version than the lock recorded: the manifest was changed without npm. */
export function driftFaults(folder: string, manifest: LockedPackage, locked: LockedPackage | undefined): string[] {
  if (!locked) return [`${folder || "the root"} is not in the lock`];
  return (["dependencies", "devDependencies", "optionalDependencies"] as const).flatMap((kind) => {
    const [wanted, recorded] = [manifest[kind] ?? {}, locked[kind] ?? {}];
    return [...new Set([...Object.keys(wanted), ...Object.keys(recorded)])]
      .filter((name) => wanted[name] !== recorded[name])
      .map(
        (name) =>
          `${folder || "the root"} wants ${name} ${wanted[name] ?? "no more"}, the lock knows ${recorded[name] ?? "none"}`,
      );
  });
}

/** Node looks in the package's own folder first, then in every folder above it. */
function isLockedFor(locked: LockedPackages, folder: string, name: string): boolean {
  const above = folder.lastIndexOf("/node_modules/");
  if (locked[`${folder ? `${folder}/` : ""}node_modules/${name}`]) return true;
  return folder !== "" && isLockedFor(locked, above === -1 ? "" : folder.slice(0, above), name);
}

const isDownloaded = (folder: string, entry: LockedPackage) =>
  folder.includes("node_modules/") && !entry.link && !entry.inBundle;

export const lockfileCheck: Check = {
  name: "lockfile",
  async run(root) {
    const { packages } = await readJson<{ packages: LockedPackages }>(join(root, "package-lock.json"));
    const drifts = await Promise.all(
      ["", ...(await listWorkspaces(root))].map(async (folder) =>
        driftFaults(folder, await readJson<LockedPackage>(join(root, folder, "package.json")), packages[folder]),
      ),
    );
    return [...lockFaults(packages), ...drifts.flat()];
  },
};

async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(path, "utf8")) as T;
}
