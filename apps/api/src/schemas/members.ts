import { roles } from "@reminder-app/db/schema/members";
import { z } from "zod";

const instant = z.iso.datetime().describe("An instant in UTC");

export const memberSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  email: z.string(),
  emailVerified: z.boolean(),
  role: z.enum(roles),
  limitedToClients: z.boolean(),
  disabledAt: instant.nullable(),
  createdAt: instant.describe("When they joined, an instant in UTC"),
});

export const invitationSchema = z.object({
  id: z.uuid(),
  email: z.string(),
  role: z.enum(roles),
  limitedToClients: z.boolean(),
  state: z.enum(["open", "accepted", "revoked", "expired"]),
  invitedBy: z.uuid().describe("The member who sent it"),
  expiresAt: instant,
  acceptedAt: instant.nullable(),
  revokedAt: instant.nullable(),
  createdAt: instant,
});

export const joinedSchema = z.object({ businessId: z.uuid(), role: z.enum(roles) });

/** For what answers the same whatever is known about an address. */
export const noticeSchema = z.object({ message: z.string() });
