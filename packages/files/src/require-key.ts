const KEY = /^[a-z0-9-]{1,80}(?:\/[a-z0-9-]{1,80}){0,5}$/;

/** Keys are made by us alone; one that is not of their form is a bug, and never becomes a path. Throws `TypeError`. */
export function requireKey(key: string): string {
  if (!KEY.test(key)) throw new TypeError("A key of a file is made of a-z, 0-9 and -, in parts divided by /");
  return key;
}
