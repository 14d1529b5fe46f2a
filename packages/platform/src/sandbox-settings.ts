import { z } from "zod";

/** Settings of the sandbox, the local stand-in for all providers. */
const sandboxSettingsSchema = z.object({
  SANDBOX_PORT: z.coerce.number().int().min(0).max(65_535).default(8025),
  SANDBOX_SMTP_PORT: z.coerce.number().int().min(0).max(65_535).default(1025),
  /** Where an append-only ledger file is kept, so that what was accepted survives a restart; in memory only when unset. */
  SANDBOX_LEDGER: z.string().optional(),
});

export type SandboxSettings = z.output<typeof sandboxSettingsSchema>;

export function loadSandboxSettings(environment: NodeJS.ProcessEnv = process.env): SandboxSettings {
  return sandboxSettingsSchema.parse(environment);
}
