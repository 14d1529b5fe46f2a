import { keyRoles } from "@reminder-app/core/api-keys/create-api-key";
import { keyScopeNames } from "@reminder-app/core/api-keys/key-scopes";
import { businessModes } from "@reminder-app/db/schema/businesses";
import { z } from "zod";

const instant = z.iso.datetime();

export const apiKeySchema = z.object({
  id: z.uuid(),
  name: z.string(),
  kind: z.enum(businessModes).describe("That of its business"),
  lastFour: z.string().describe("How the key ends, to tell it from others"),
  role: z.enum(keyRoles),
  scopes: z.array(z.enum(keyScopeNames)),
  createdBy: z.uuid().describe("The member who made it; it can do no more than they can"),
  createdAt: instant,
  expiresAt: instant,
  lastUsedAt: instant.nullable().describe("To the minute"),
  revokedAt: instant.nullable(),
});

export const newApiKeySchema = apiKeySchema.extend({
  key: z.string().describe("The key, shown this once: keep it where secrets are kept"),
});
