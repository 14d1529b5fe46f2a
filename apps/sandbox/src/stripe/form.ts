/** A form's values: texts, and the objects and lists that its names spell. */
export type FormValue = string | readonly FormValue[] | { readonly [name: string]: FormValue };

interface Branch {
  [name: string]: string | Branch;
}

/** `a[b][0][c]=v` as objects and lists, the way Stripe reads forms and query strings. */
export function parseForm(text: string | URLSearchParams): { readonly [name: string]: FormValue } {
  const root: Branch = emptyBranch();
  for (const [name, value] of new URLSearchParams(text)) put(root, { path: pathOf(name), value });
  return Object.fromEntries(Object.entries(root).map(([name, value]) => [name, grown(value)]));
}

function pathOf(name: string): string[] {
  const head = name.split("[", 1)[0] ?? name;
  return [head, ...[...name.slice(head.length).matchAll(/\[([^\]]*)\]/g)].map((match) => match[1] ?? "")];
}

function put(root: Branch, { path, value }: { readonly path: readonly string[]; readonly value: string }): void {
  let branch = root;
  for (const [depth, part] of path.entries()) {
    // `expand[]=x` adds to a list.
    const name = part === "" ? String(Object.keys(branch).length) : part;
    if (depth === path.length - 1) {
      branch[name] = value;
      return;
    }
    const next = branch[name];
    const grownOn = typeof next === "object" ? next : emptyBranch();
    branch[name] = grownOn;
    branch = grownOn;
  }
}

/** Without a prototype, so that no name of a form is more than a name. */
function emptyBranch(): Branch {
  return Object.create(null) as Branch;
}

function grown(value: string | Branch): FormValue {
  if (typeof value === "string") return value;
  const entries = Object.entries(value);
  if (entries.length > 0 && entries.every(([name]) => /^\d+$/.test(name)))
    return entries.toSorted(([one], [other]) => Number(one) - Number(other)).map(([, each]) => grown(each));
  return Object.fromEntries(entries.map(([name, each]) => [name, grown(each)]));
}
