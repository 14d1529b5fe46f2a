import { after } from "@reminder-app/platform/clock";
import type { Id } from "@reminder-app/platform/ids";
import type { z } from "zod";
import type { Ctx } from "../ctx.ts";
import { type Page, type PageQuery, toPage } from "../page.ts";
import type { AccessClaims } from "./check-session.ts";
import { IDLE_MS } from "./refresh-session.ts";
import { type Session, sessionRepo } from "./sessions.repo.ts";

export interface OwnSession extends Session {
  /** Whether it is the one that asks. */
  readonly current: boolean;
}

/** The caller's sessions in this business that can still be used, the newest first. */
export async function pageSessions(
  ctx: Ctx,
  { memberId, sessionId }: AccessClaims,
  { limit, cursor }: z.output<typeof PageQuery>,
): Promise<Page<OwnSession>> {
  const now = ctx.now();
  const rows = await sessionRepo(ctx).pageLive(memberId, {
    now,
    usedAfter: after(now, -IDLE_MS),
    limit,
    cursor: cursor as Id<"Session"> | undefined,
  });
  const sessions = rows.map((row) => ({ ...row, current: row.id === sessionId }));
  return toPage(sessions, limit);
}
