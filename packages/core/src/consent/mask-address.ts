/** Enough of an address to know one's own by, and not to learn another's: `a•••@example.com`, `+44•••21`. */
export function maskAddress(address: string): string {
  const at = address.lastIndexOf("@");
  if (at > 0) return `${Array.from(address)[0] ?? ""}•••${address.slice(at)}`;
  return `${address.slice(0, 3)}•••${address.slice(-2)}`;
}
