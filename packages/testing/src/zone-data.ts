/** Options of Node with which a process has time zone data of another version, by its own account. */
export function withZoneData(version: string): readonly string[] {
  const script = `Object.defineProperty(process, "versions", { value: { ...process.versions, tz: "${version}" } })`;
  return ["--import", `data:text/javascript,${encodeURIComponent(script)}`];
}
