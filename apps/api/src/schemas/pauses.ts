import { z } from "zod";
import { assignmentSchema, businessSchema, clientSchema, paused } from "../schemas.ts";

/** What a pause or hold answers. */
export const heldAssignmentSchema = z.object({ assignment: assignmentSchema, ...paused });
export const pausedClientSchema = z.object({ client: clientSchema, ...paused });
export const pausedBusinessSchema = z.object({ business: businessSchema, ...paused });
