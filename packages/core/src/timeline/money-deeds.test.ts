import { givenOwed, payByHand, payOnline } from "@reminder-app/testing/given-payments";
import { expect, test } from "vitest";
import { removePayment } from "../payments/record-payment.ts";
import { PageTimelineQuery, pageTimeline } from "./page-timeline.ts";

test("a client's timeline tells what was asked for, what came, failed, went back and is disputed, and each hold (H5)", async () => {
  const owed = await givenOwed();
  const { shop, clientId } = owed;
  const steps = [
    () => payByHand(owed, 1_000).then(({ id }) => removePayment(shop.ctx, id)),
    () => payByHand(owed, 500),
    () => payOnline(owed, 2_000).tells({ state: "failed" }),
  ];
  for (const step of steps) await step();
  const provider = payOnline(owed, 9_500);
  await provider.tells({ state: "processing" });
  await provider.tells({});
  await provider.tells({ refunded: 3_000 });
  await provider.tells({ refunded: 3_000, disputed: 6_500, disputeOpen: true });

  const { items } = await pageTimeline(shop.ctx, clientId, PageTimelineQuery.parse({ limit: 100 }));
  const told = items.map(({ sentence }) => sentence).toReversed();
  expect(told).toEqual(
    expect.arrayContaining([
      "A payment of £5.00 was noted.",
      "Hill Ltd: a payment of £10.00, noted by mistake, was taken back.",
      "A payment of £20.00 failed.",
      "A payment of £95.00 is on its way.",
      "A payment of £95.00 arrived.",
      "£30.00 of a payment of £95.00 went back to the client.",
      "The client's bank disputes £65.00 of a payment of £95.00.",
      expect.stringMatching(/^“Invoice 12” was held\. Money went back/),
      expect.stringMatching(/^“Invoice 12” was held\. The client's bank disputed a payment/),
    ]),
  );
  expect(items.find(({ kind }) => kind === "moment")?.sentence).toContain(
    "“Invoice 12”, thanks for a payment, was due",
  );
});
