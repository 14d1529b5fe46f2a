/** A CycloneDX document, as far as it is read here. */
export interface Sbom {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly metadata: { readonly component: { readonly name: string; readonly version: string } };
  readonly components: readonly { readonly "bom-ref": string }[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
}

export interface LockedPackage {
  readonly name?: string;
  readonly version?: string;
  readonly dev?: boolean;
  readonly link?: boolean;
}

/** `name@version` of every package of others that a production install may bring, by the lockfile. */
export function runtimePackages(locked: Readonly<Record<string, LockedPackage>>): ReadonlySet<string> {
  const installed = Object.entries(locked).filter(
    ([folder, { dev, link }]) => folder.includes("node_modules/") && !dev && !link,
  );
  return new Set(
    installed.map(([folder, { name, version }]) => `${name ?? folder.split("node_modules/").at(-1)}@${version}`),
  );
}

/**
 * Of a whole bill of materials what runs: the packages of the lockfile that are not for development, and our own. npm's
 * own `--omit=dev` also leaves out what development shares with production.
 * Throws when the bill does not name a package that runs.
 */
export function runtimeSbom(whole: Sbom, locked: Readonly<Record<string, LockedPackage>>): Sbom {
  const runs = runtimePackages(locked);
  const isOurs = (ref: string) => ref.startsWith("@reminder-app/") || ref.startsWith("reminder-app@");
  const kept = (ref: string) => runs.has(ref) || isOurs(ref);

  const named = new Set(whole.components.map((component) => component["bom-ref"]));
  const missing = [...runs].filter((ref) => !named.has(ref));
  if (missing.length > 0) throw new Error(`The bill of materials lacks ${missing.join(", ")}`);

  return {
    ...whole,
    // npm takes the folder's name.
    metadata: { ...whole.metadata, component: { ...whole.metadata.component, name: "reminder-app" } },
    components: whole.components.filter((component) => kept(component["bom-ref"])),
    dependencies: whole.dependencies
      .filter(({ ref }) => kept(ref))
      .map((entry) => ({ ...entry, ...(entry.dependsOn && { dependsOn: entry.dependsOn.filter(kept) }) })),
  };
}
