import { databaseAway } from "./problem.ts";

/** The balancer waits for a minute; callers have lost patience by now. */
const DEADLINE_MS = 20_000;

/**
 * Run `work`, but not for ever. Throws `database_unavailable` when it takes too long; from then on its transactions,
 * which get `signal` in their context, commit nothing.
 */
export async function withDeadline<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
  deadlineMs: number = DEADLINE_MS,
): Promise<Result> {
  const controller = new AbortController();
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const reason = databaseAway();
    controller.abort(reason);
    reject(reason);
  }, deadlineMs);
  try {
    return await Promise.race([work(controller.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}
