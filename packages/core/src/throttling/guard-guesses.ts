import { AppError, type ErrorCode } from "@reminder-app/platform/errors";
import type { SystemCtx } from "../ctx.ts";
import { throttleRepo } from "./throttles.repo.ts";

/** What a wrong guess is answered with. Any other outcome says nothing about a secret, and is not counted. */
const wrongGuesses: ReadonlySet<ErrorCode> = new Set(["invalid_credentials"]);

/**
 * Make `attempt`, which guesses a secret, unless too many before it were wrong: for each of `keys`, which say whom or
 * what to count, five failures are free, then one waits 1 s, 2 s, 4 s … at most 15 minutes, until an hour has passed
 * without any. Throws `rate_limited` without making the attempt.
 */
export async function guardGuesses<Result>(
  { db, now }: SystemCtx,
  keys: readonly Buffer[],
  attempt: () => Promise<Result>,
): Promise<Result> {
  const repo = throttleRepo(db);
  const at = now();
  const charged: Buffer[] = [];
  const refund = () => Promise.all(charged.map((key) => repo.refund(key, at)));

  for (const key of keys) {
    const blockedUntil = await repo.charge(key, at);
    if (blockedUntil) {
      await refund();
      throw tooMany(blockedUntil.getTime() - at.getTime());
    }
    charged.push(key);
  }
  const done = await attempt().catch(async (thrown: unknown) => {
    if (!(thrown instanceof AppError && wrongGuesses.has(thrown.code))) await refund();
    throw thrown;
  });
  await refund();
  return done;
}

function tooMany(retryAfterMs: number): AppError {
  return new AppError("rate_limited", "Too many attempts failed; wait as long as Retry-After says", { retryAfterMs });
}
