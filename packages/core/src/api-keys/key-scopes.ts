/** What an API key may be let do; each endpoint that keys may call names one of these. */
export const keyScopes = {
  "business:read": "Read the business's profile",
  "business:write": "Change the business's profile",
  "clients:read": "Read clients, their contacts and addresses",
  "clients:write": "Create, change and archive clients and contacts",
  "reminders:read": "Read reminders, who is on them, and preview schedules",
  "reminders:write": "Write reminders, start and stop them, and put clients on them",
  "documents:read": "Read files of clients, and what they are asked to send",
  "documents:write": "Store, review and delete files, and make links to them",
  "deliveries:read": "Read what was sent and what waits",
  "deliveries:write": "Send reminders by hand, and decide about deliveries",
  "payments:read": "Read what clients owe and what they paid",
  "payments:write": "Ask for payments, and note and use what was paid",
  "reports:read": "Read reports about messages, payments and work that is late",
  "consent:read": "Read which addresses may not be written to",
  "consent:write": "Note that an address may not be written to, or may be again",
  "audit:read": "Read what members and keys did",
  "webhooks:read": "Read webhook endpoints and the log of their calls",
  "webhooks:write": "Make, change and remove webhook endpoints, and rotate their secrets",
} as const;

export type KeyScope = keyof typeof keyScopes;

export const keyScopeNames = Object.keys(keyScopes) as [KeyScope, ...KeyScope[]];
