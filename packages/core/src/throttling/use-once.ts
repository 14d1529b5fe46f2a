import { after } from "@reminder-app/platform/clock";
import type { SystemCtx } from "../ctx.ts";
import { throttleRepo } from "./throttles.repo.ts";

/** True for the one caller, of all processes, that uses `what` first; false for whoever comes within `ms` after. */
export async function useOnce({ db, vault, now }: SystemCtx, what: string, ms: number): Promise<boolean> {
  const at = now();
  return !(await throttleRepo(db).takePlace([vault.lookup("used-once", what)], at, after(at, ms)));
}
