import { channelKinds } from "@reminder-app/platform/channel-kinds";
import { z } from "zod";

/** Channels in the order of preference, each once. */
export const channelOrder = z
  .array(z.enum(channelKinds))
  .min(1)
  .max(channelKinds.length)
  .refine((kinds) => new Set(kinds).size === kinds.length, "must name each channel once");
