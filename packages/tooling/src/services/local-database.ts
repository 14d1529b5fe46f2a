/** Of servers that listen on loopback alone. The password is none of those that production refuses, for tests start production here. */
export const localDatabase = { name: "reminders", user: "reminders", password: "on-loopback-only" } as const;

/** Where such a server is reached. */
export function localDatabaseUrl(host: string, port: number, user: string = localDatabase.user): string {
  const { name, password } = localDatabase;
  return `mysql://${user}:${password}@${host}:${port}/${name}`;
}
