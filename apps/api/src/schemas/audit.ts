import { z } from "zod";

export const auditEventSchema = z.object({
  id: z.uuid(),
  seq: z.int().nullable().describe("Its place in the chain"),
  actor: z.string().describe("A kind and an id, such as member:0190…"),
  action: z.string(),
  entityId: z.string(),
  details: z.record(z.string(), z.unknown()).describe("Among them the values before and after a change"),
  requestId: z.string().nullable(),
  at: z.iso.datetime(),
});
