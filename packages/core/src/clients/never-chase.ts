import { neverChaseReasons } from "@reminder-app/db/schema/clients";
import { z } from "zod";

/** Why a client gets no reminder at all; empty for those who do. */
export const neverChaseSchema = z
  .enum(neverChaseReasons)
  .nullable()
  .describe("Why the client is never reminded: they pay by themselves, or are the firm's own record");
