import { isDuplicateKey, isLockBusy } from "@reminder-app/db/faults";
import { sealedColumns } from "@reminder-app/db/sealed-columns";
import type { CellAddress } from "@reminder-app/platform/crypto";
import { AppError } from "@reminder-app/platform/errors";
import { type Ctx, inTransaction, realNow } from "../ctx.ts";
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
    if (!isDuplicateKey(thrown)) throw thrown;
    // The request that won the race for the key has committed meanwhile, so its answer is there to be read.
    const known = await idempotencyRepo(ctx).find(once);
    if (!known) throw thrown;
    return replay(ctx, once, known);
  }
}

async function lookThenRun<Result extends { readonly answer: Answer }>(
  tx: Ctx,
  once: Once,
  work: (tx: Ctx) => Promise<Result>,
): Promise<OnceResult<Result>> {
  const { bodyHash, ...name } = once;
  const repo = idempotencyRepo(tx);
  // Without a lock first: requests that only repeat a finished one are not in each other's way.
  const known = (await repo.find(name)) ?? (await ofKeyRow(() => repo.lockNow(name)));
  if (known) return replay(tx, once, known);
  await ofKeyRow(() => repo.insert(name, { bodyHash, createdAt: realNow(tx) }));
  const result = await work(tx);
  await repo.setAnswer(name, sealAnswer(tx, name, result.answer));
  return { kind: "ran", result };
}

/** A lock on the key's own row is held by the request that made it. Any other lock says nothing about the key. */
async function ofKeyRow<Result>(query: () => Promise<Result>): Promise<Result> {
  try {
    return await query();
  } catch (thrown) {
    if (isLockBusy(thrown)) throw inProgress();
    throw thrown;
  }
}

/** An answer may hold addresses, which are stored encrypted wherever they are stored. */
function sealAnswer(tx: Ctx, name: KeyName, answer: Answer): Answer {
  const sealed = tx.vault.seal(JSON.stringify(answer.body ?? null), cellOf(tx, name));
  return { ...answer, body: sealed.toString("base64") };
}

function openAnswer(tx: Ctx, name: KeyName, answer: Answer): Answer {
  const body = tx.vault.open(Buffer.from(String(answer.body), "base64"), cellOf(tx, name));
  return { ...answer, body: JSON.parse(body) as unknown };
}

function cellOf({ businessId }: Ctx, name: KeyName): CellAddress {
  return sealedColumns.idempotencyAnswer.cell({ ...name, businessId });
}

function replay(ctx: Ctx, once: Once, known: KeyRow): { readonly kind: "replayed"; readonly answer: Answer } {
  if (known.bodyHash !== once.bodyHash) {
    throw new AppError("idempotency_mismatch", "The Idempotency-Key was used before with another body; use a new key");
  }
  if (!known.answer) throw inProgress();
  return { kind: "replayed", answer: openAnswer(ctx, once, known.answer) };
}

function inProgress(): AppError {
  return new AppError(
    "idempotency_in_progress",
    "A request with this Idempotency-Key is still running; ask again in a moment",
  );
}
