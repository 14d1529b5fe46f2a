import { DAY_MS, after } from "@reminder-app/platform/clock";
import type { SystemCtx } from "../ctx.ts";
import { deleteAnswersBefore } from "../system/old-answers.repo.ts";

/** Whoever repeats a request does so within days. */
const KEPT_MS = 7 * DAY_MS;
const AT_ONCE = 1_000;

/** Delete answers that nobody asks for again, some at a time. Answers how many; their keys are free from then on. */
export function forgetAnswers({ db, now }: Pick<SystemCtx, "db" | "now">): Promise<number> {
  return deleteAnswersBefore(db, after(now(), -KEPT_MS), AT_ONCE);
}
