import { AppError } from "@reminder-app/platform/errors";
import type { Ctx } from "../ctx.ts";
import { checkoutRepo } from "./checkouts.repo.ts";
import { closeCheckout } from "./close-checkout.ts";
import { type PaymentDeps, asGatewayAccount } from "./gateway-account.ts";
import type { PaymentAccount } from "./payment-accounts.repo.ts";

/**
 * Before an account goes or another one takes its place: close the pages at which clients may pay into it, for nobody
 * will hear of it afterwards. Throws `conflict` while payments into it are on their way. Not within a transaction.
 * Answers how many pages may still be open, because the account can be asked no more.
 */
export async function leaveAccount(ctx: Ctx, deps: PaymentDeps, account: PaymentAccount): Promise<number> {
  const known = asGatewayAccount(ctx, account);
  const live = await checkoutRepo(ctx).live();
  const closed = await Promise.all(live.map((checkout) => closeCheckout(ctx, deps, { account: known, checkout })));
  await requireNothingOnItsWay(ctx);
  return closed.filter((isClosed) => !isClosed).length;
}

/** In the transaction in which the account goes: what is still open is given up. */
export async function requireLeft(tx: Ctx): Promise<void> {
  await requireNothingOnItsWay(tx);
  const repo = checkoutRepo(tx);
  for (const checkout of await repo.live()) await repo.close(checkout, "expired", tx.now());
}

async function requireNothingOnItsWay(ctx: Ctx): Promise<void> {
  const count = await checkoutRepo(ctx).countOnTheirWay();
  if (count === 0) return;
  const subject = count === 1 ? "A payment into this account is" : `${count} payments into this account are`;
  throw new AppError("conflict", `${subject} on the way; change the account once they have arrived or failed`);
}
