import type { Ctx } from "../ctx.ts";
import { clientTagRepo } from "./client-tags.repo.ts";

/** Every tag, with how many clients have it. */
export async function listTags(ctx: Ctx): Promise<{ items: { readonly tag: string; readonly clients: number }[] }> {
  return { items: await clientTagRepo(ctx).counts() };
}
