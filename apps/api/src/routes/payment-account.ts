import type { Ctx } from "@reminder-app/core/ctx";
import { getPaymentAccount } from "@reminder-app/core/payments/get-payment-account";
import type { PaymentAccountView } from "@reminder-app/core/payments/payment-account-view";
import { OwnKeyInput, putOwnKey } from "@reminder-app/core/payments/put-own-key";
import { removePaymentAccount } from "@reminder-app/core/payments/remove-payment-account";
import { startOnboarding } from "@reminder-app/core/payments/start-onboarding";
import { z } from "zod";
import { type Deps, endpoint } from "../http/endpoint.ts";
import { onboardingUrls } from "../pages/payment-account.ts";
import { paymentAccountAnswer, paymentAccountSchema } from "../schemas/payment-account.ts";
import { ownStripeUrl } from "../webhooks/own-urls.ts";

const described = { tag: "Payment account", access: "admin", scope: "members" } as const;
const path = "/v1/payment-account";

export const paymentAccountRoutes = [
  endpoint({
    ...described,
    method: "get",
    path,
    operationId: "getPaymentAccount",
    summary: "Where your clients' money arrives, without its secrets",
    answer: { status: 200, schema: paymentAccountAnswer },
    async handle({ ctx, deps }) {
      const account = await getPaymentAccount(ctx, deps);
      const shown = account ? withUrl({ ctx, deps }, account) : null;
      return { body: { account: shown, canConnect: deps.gateway.hasPlatform } };
    },
  }),
  endpoint({
    ...described,
    method: "put",
    path,
    operationId: "putPaymentAccount",
    summary: "Let money arrive in an account of your own, by a restricted key of it, which is tried first",
    recent: true,
    body: OwnKeyInput,
    example: { secretKey: "rk_test_a-restricted-key" },
    answer: { status: 200, schema: paymentAccountSchema },
    handle: async ({ ctx, body, deps }) => ({ body: withUrl({ ctx, deps }, await putOwnKey(ctx, deps, body)) }),
  }),
  endpoint({
    ...described,
    method: "delete",
    path,
    operationId: "removePaymentAccount",
    summary: "Take no more payments online; the key is gone at once",
    recent: true,
    answer: { status: 204 },
    async handle({ ctx, deps }) {
      await removePaymentAccount(ctx, deps);
      return {};
    },
  }),
  endpoint({
    ...described,
    method: "post",
    path: `${path}/onboarding`,
    operationId: "startOnboarding",
    summary: "Open an account under the installation's platform, once, and get the page where it is completed",
    recent: true,
    answer: { status: 200, schema: z.object({ url: z.url().describe("Works once, for a few minutes") }) },
    handle: async ({ ctx, deps }) => ({ body: await startOnboarding(ctx, deps, onboardingUrls(deps.publicUrl)) }),
  }),
];

function withUrl({ ctx, deps }: { ctx: Ctx; deps: Deps }, account: PaymentAccountView) {
  const isOwn = account.kind === "own_key";
  return { ...account, webhookUrl: isOwn ? ownStripeUrl(deps.publicUrl, ctx.businessId) : null };
}
