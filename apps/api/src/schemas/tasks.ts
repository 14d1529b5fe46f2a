import { taskKinds, taskStates } from "@reminder-app/db/schema/tasks";
import { z } from "zod";

export const taskSchema = z.object({
  id: z.uuid(),
  kind: z.enum(taskKinds).describe("What happened"),
  state: z.enum(taskStates),
  reminderId: z.uuid().nullable(),
  clientId: z.uuid().nullable(),
  assignmentId: z.uuid().nullable(),
  ownerId: z.uuid().nullable().describe("The member in charge of it"),
  note: z.string().nullable(),
  count: z.int().describe("How often it happened while the task was open"),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  closedAt: z.iso.datetime().nullable(),
  closedBy: z.string().nullable().describe("As the audit trail names them"),
});
