import { totpUri } from "@reminder-app/platform/totp";
import type { Stack } from "./stack.ts";

export interface LinksPage {
  readonly stack: Pick<Stack, "apiUrl" | "sandboxUrl" | "ops" | "workers">;
  readonly clientId: string;
  readonly login: { readonly email: string; readonly password: string };
}

/** What a newcomer sees when all is running. */
export function linksPage({ stack: { apiUrl, sandboxUrl, ops, workers }, clientId, login }: LinksPage): string {
  const rows = [
    ["API", apiUrl],
    ["documentation", `${apiUrl}/docs  or  ${apiUrl}/redoc`],
    ["inbox of the sandbox", sandboxUrl],
    ["  payments there", `${sandboxUrl}/stripe`],
    ["queues (Bull Board)", `${apiUrl}/ops/queues  password ${ops.password}`],
    ["  its code", `npm run ops:code  or, in an authenticator,`],
    ["", totpUri({ secret: ops.totpSecret, issuer: "Reminder App", account: "ops" })],
    ["demo login", `${login.email}  password ${login.password}`],
    ["workers", workers.map(({ pid }) => `process ${pid}`).join(", ")],
    ["logs and data", ".local/  (npm start -- --fresh begins anew)"],
  ];
  return `
Reminder App is running. Ctrl-C stops it.

${rows.map(([name = "", value]) => `  ${name.padEnd(22)}${value}`).join("\n")}

A reminder that is due in 10 seconds; watch it arrive in the inbox:

${curl(apiUrl, clientId, login)}
`;
}

function curl(apiUrl: string, clientId: string, login: LinksPage["login"]): string {
  return `TOKEN=$(curl -s ${apiUrl}/v1/auth/login -H 'content-type: application/json' \\
  -d '${JSON.stringify(login)}' | sed 's/.*"accessToken":"\\([^"]*\\)".*/\\1/')
curl -s ${apiUrl}/v1/reminders -H "authorization: Bearer $TOKEN" -H 'content-type: application/json' -d '{
  "name": "Hello", "type": "custom", "channels": ["email"], "activate": true,
  "schedule": { "kind": "once", "zone": "UTC", "at": "'$(node -p 'new Date(Date.now() + 10000).toISOString().slice(0, 19)')'" },
  "subject": "Hello {{ contact.first_name }}", "body": "This left ten seconds after it was asked for.",
  "assignments": [{ "clientId": "${clientId}" }]
}'`;
}
