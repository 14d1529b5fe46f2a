import { isDuplicateKey, isLockBusy } from "@reminder-app/db/faults";
import { AppError } from "@reminder-app/platform/errors";
import { type Ctx, inTransaction } from "../ctx.ts";
import { type Answer, type KeyName, type KeyRow, idempotencyRepo } from "./idempotency.repo.ts";

export interface Once extends KeyName {
  /** Of the body, so that a key cannot be used for another request. */
  readonly bodyHash: string;
}

export type OnceResult<Result> =
  | { readonly kind: "ran"; readonly result: Result }
  | { readonly kind: "replayed"; readonly answer: Answer };

/**
 * Run `work` once for a key, in one transaction with the key's row: a crash rolls both back. Throws
 * `idempotency_in_progress` while another request with the key runs, `idempotency_mismatch` for another body.
 */
export async function runOnce<Result extends { readonly answer: Answer }>(
  ctx: Ctx,
  once: Once,
  work: (tx: Ctx) => Promise<Result>,
): Promise<OnceResult<Result>> {
  try {
    return await inTransaction(ctx, (tx) => lookThenRun(tx, once, work));
  } catch (thrown) {
    if (isLockBusy(thrown)) throw inProgress();
    if (!isDuplicateKey(thrown)) throw thrown;
    // The request that won the race for the key has committed meanwhile, so this one finds its answer.
    return inTransaction(ctx, (tx) => lookThenRun(tx, once, work));
  }
}

async function lookThenRun<Result extends { readonly answer: Answer }>(
  tx: Ctx,
  { bodyHash, ...name }: Once,
  work: (tx: Ctx) => Promise<Result>,
): Promise<OnceResult<Result>> {
  const repo = idempotencyRepo(tx);
  const known = await repo.lockNow(name);
  if (known) return { kind: "replayed", answer: replayOf(known, bodyHash) };
  await repo.insert(name, { bodyHash, createdAt: tx.now() });
  const result = await work(tx);
  await repo.setAnswer(name, result.answer);
  return { kind: "ran", result };
}

function replayOf(known: KeyRow, bodyHash: string): Answer {
  if (known.bodyHash !== bodyHash) {
    throw new AppError("idempotency_mismatch", "The Idempotency-Key was used before with another body; use a new key");
  }
  if (!known.answer) throw inProgress();
  return known.answer;
}

function inProgress(): AppError {
  return new AppError(
    "idempotency_in_progress",
    "A request with this Idempotency-Key is still running; ask again in a moment",
  );
}
