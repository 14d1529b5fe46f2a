import type { Id } from "@reminder-app/platform/ids";
import type { z } from "zod";
import { type Ctx, requireRole } from "../ctx.ts";
import { type Page, type PageQuery, toPage } from "../page.ts";
import { type InvitationView, viewInvitation } from "./invitation.ts";
import { invitationRepo } from "./invitations.repo.ts";

/** A page of invitations, the newest first, those that are over too. */
export async function pageInvitations(
  ctx: Ctx,
  { limit, cursor }: z.output<typeof PageQuery>,
): Promise<Page<InvitationView>> {
  requireRole(ctx, "admin", "see invitations");
  const rows = await invitationRepo(ctx).page({ limit, cursor: cursor as Id<"Invitation"> | undefined });
  return toPage(
    rows.map((row) => viewInvitation(ctx, row)),
    limit,
  );
}
