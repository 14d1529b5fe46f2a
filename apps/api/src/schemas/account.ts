import { z } from "zod";
import { instant } from "../schemas.ts";

export const sessionSchema = z.object({
  id: z.uuid(),
  current: z.boolean().describe("Whether it is the one that asks"),
  userAgent: z.string().nullable().describe("What the program that signed in calls itself"),
  createdAt: instant,
  lastUsedAt: instant.describe("When it was last renewed"),
  expiresAt: instant.describe("When it ends at the latest"),
});

export const newSecondFactorSchema = z.object({
  secret: z.string().describe("For typing into an authenticator, in base32"),
  uri: z.string().describe("For a QR code (otpauth://)"),
});

export const recoveryCodesSchema = z.object({
  recoveryCodes: z.array(z.string()).describe("Shown this once; each stands in for a code one time"),
});
