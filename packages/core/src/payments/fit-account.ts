import type { GatewayAnswer, ProviderAccount } from "@reminder-app/payments/gateway";
import { AppError, invalid } from "@reminder-app/platform/errors";
import { businessRepo } from "../businesses/businesses.repo.ts";
import type { Ctx } from "../ctx.ts";
import type { PaymentDeps } from "./gateway-account.ts";

export interface AccountDeps extends PaymentDeps {
  /** Whether a live business may have an account of test mode: where no real money is meant to move. */
  readonly takesTestAccounts: boolean;
}

/**
 * A test business takes an account of test mode alone, so that no real money moves in a rehearsal; a live business one
 * of live mode, so that nobody's debt is paid with play money. Throws `validation_failed`, naming `field`.
 */
export async function requireFittingMode(ctx: Ctx, deps: AccountDeps, fit: { liveMode: boolean; field: string }) {
  const mode = await businessRepo(ctx).mode();
  const { liveMode, field } = fit;
  if (mode === "test" && liveMode)
    throw invalid(field, "must be of test mode: nothing real happens in a test business, and this account is live");
  if (mode !== "test" && !liveMode && !deps.takesTestAccounts)
    throw invalid(field, "must be of live mode: this business is live, and what is paid in test mode is not money");
}

/** What the provider answered. Throws `validation_failed` when it refused, `provider_unavailable` when it could not be asked. */
export function requireAnswer<Value>(answer: GatewayAnswer<Value>, field: string): Value {
  if (answer.kind === "done") return answer.value;
  if (answer.kind === "refused") throw invalid(field, `was refused by the payment provider: ${answer.reason}`);
  throw new AppError("provider_unavailable", "The payment provider cannot be reached; try again in a minute");
}

export function accountFacts({ accountId, liveMode, chargesEnabled }: ProviderAccount) {
  return { accountId, liveMode, chargesEnabled };
}
