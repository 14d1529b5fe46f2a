import { AppError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { z } from "zod";
import { recordAudit } from "../audit/record-audit.ts";
import { type Ctx, inTransaction, requireRole } from "../ctx.ts";
import { memberRepo } from "../members/members.repo.ts";
import { clientStaffRepo } from "./client-staff.repo.ts";
import { clientRepo } from "./clients.repo.ts";

const MOST = 100;

export const ClientStaffInput = z.strictObject({
  memberIds: z
    .array(z.uuid())
    .max(MOST)
    .describe("All who work with the client; whom it leaves out works with it no more"),
});

export interface ClientStaff {
  readonly memberIds: readonly Id<"Member">[];
}

/** Name the members who work with a client: those who are limited to some clients see it from now on. */
export async function setClientStaff(
  ctx: Ctx,
  clientId: Id<"Client">,
  input: z.output<typeof ClientStaffInput>,
): Promise<ClientStaff> {
  requireRole(ctx, "admin", "name who works with a client");
  const memberIds = [...new Set(input.memberIds)] as Id<"Member">[];
  return inTransaction(ctx, async (tx) => {
    await clientRepo(tx).get(clientId);
    await requireMembers(tx, memberIds);
    const staff = clientStaffRepo(tx);
    await staff.lock(clientId);
    const before = await staff.list(clientId);
    await staff.clear(clientId);
    await staff.add(clientId, memberIds);
    await recordAudit(tx, "client.staff_changed", { entityId: clientId, before, after: memberIds.toSorted() });
    return { memberIds: await staff.list(clientId) };
  });
}

export async function getClientStaff(ctx: Ctx, clientId: Id<"Client">): Promise<ClientStaff> {
  requireRole(ctx, "admin", "see who works with a client");
  await clientRepo(ctx).get(clientId);
  return { memberIds: await clientStaffRepo(ctx).list(clientId) };
}

async function requireMembers(tx: Ctx, memberIds: readonly Id<"Member">[]): Promise<void> {
  const known = await memberRepo(tx).existing(memberIds);
  const issues = memberIds.flatMap((id, index) =>
    known.has(id) ? [] : [{ field: `memberIds.${index}`, message: `Member ${id} not found` }],
  );
  if (issues.length > 0) throw new AppError("not_found", "Some are no members of this business", { issues });
}
