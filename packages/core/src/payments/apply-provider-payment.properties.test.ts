import type { ProviderPayment } from "@reminder-app/payments/gateway";
import { givenBusiness } from "@reminder-app/testing/given-business";
import { type GivenOwed, aCheckout, aProvider, givenOwed, standingOf } from "@reminder-app/testing/given-payments";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { allocate, netOf } from "./allocate.ts";
import { applyProviderPayment } from "./apply-provider-payment.ts";
import { paymentRepo } from "./payments.repo.ts";

const RUNS = 25;
const PATIENCE_MS = 120_000;
const [FIRST, SECOND] = [6_000, 4_000];

/** How a payment of 100.00 may stand. */
const standings = fc.oneof(
  fc.constant<Partial<ProviderPayment>>({ state: "processing" }),
  fc.constant<Partial<ProviderPayment>>({ state: "failed", failure: "insufficient_funds" }),
  fc.record({
    state: fc.constant("succeeded" as const),
    refunded: fc.constantFrom(0, 0, 1_000, 4_000, 7_500, 10_000),
    disputed: fc.constantFrom(0, 0, 10_000),
    disputeOpen: fc.boolean(),
  }),
);

/** What the provider said one after the other, and in which order, and how often, it is heard. */
const histories = fc.array(standings, { minLength: 1, maxLength: 5 }).chain((said) =>
  fc.record({
    said: fc.constant(said),
    heard: fc
      .array(fc.nat({ max: said.length - 1 }), { maxLength: 5 })
      .chain((again) => fc.shuffledSubarray([...said.keys(), ...again], { minLength: said.length + again.length })),
  }),
);

const wanted = ({ state, amount, refunded, disputed }: ProviderPayment) =>
  allocate([{ meant: FIRST }, { meant: SECOND }], netOf({ state, amount, refunded, disputed })).map(
    (part) => part.amount,
  );

async function expectFollowed(
  owed: GivenOwed,
  last: ProviderPayment,
  { meant, paid }: { meant: number; paid: number },
) {
  const { request, assignment } = await standingOf(owed);
  const processing = last.state === "processing" ? meant : 0;
  const isPaid = paid === meant;
  expect(request).toMatchObject({ paid, processing, state: isPaid ? "paid" : "open", total: meant });
  expect(assignment).toMatchObject({ amount: meant - paid, state: isPaid ? "done" : "open" });
  expect(assignment.payingAt !== null).toBe(processing > 0);
  expect(assignment.hold === "bank_dispute").toBe(last.disputeOpen && !isPaid);
}

test(
  "whatever a provider tells of a payment, in whatever order and however often, ledger and chase end as it stood last (H5, H4, B4)",
  async () => {
    const shop = await givenBusiness();
    await fc.assert(
      fc.asyncProperty(histories, async ({ said, heard }) => {
        const { id: clientId } = await shop.client();
        const [one, other] = [
          await givenOwed({ shop, clientId, amount: FIRST }),
          await givenOwed({ shop, clientId, amount: SECOND }),
        ];
        const checkout = aCheckout(one, [
          { paymentRequestId: one.requestId, amount: FIRST },
          { paymentRequestId: other.requestId, amount: SECOND },
        ]);
        const provider = aProvider(one, checkout);
        const payments = said.map((how) => provider.says(how));
        for (const index of heard) await applyProviderPayment(shop.ctx, { checkout, payment: payments[index]! });
        const last = payments.at(-1)!;
        const [first = 0, second = 0] = wanted(last);
        await expectFollowed(one, last, { meant: FIRST, paid: first });
        await expectFollowed(other, last, { meant: SECOND, paid: second });
        const stored = await paymentRepo(shop.ctx).page({ clientId }, { limit: 10 });
        expect(stored).toMatchObject([{ state: last.state, refunded: last.refunded, disputed: last.disputed }]);
      }),
      { numRuns: RUNS },
    );
  },
  PATIENCE_MS,
);
