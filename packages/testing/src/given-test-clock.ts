import type { TestMessageView } from "@reminder-app/core/test-clock/page-test-messages";
import { PageTestMessagesQuery, pageTestMessages } from "@reminder-app/core/test-clock/page-test-messages";
import {
  AdvanceTestClockInput,
  type AdvancedTestClock,
  advanceTestClock,
} from "@reminder-app/core/test-clock/advance-test-clock";
import { onTestClock } from "@reminder-app/core/test-clock/on-test-clock";
import type { Ctx } from "@reminder-app/core/ctx";
import type { z } from "zod";
import { type GivenBusiness, type GivenOptions, givenBusiness } from "./given-business.ts";
import { timing } from "./given-delivery.ts";
import { testSettings } from "./test-settings.ts";

export interface GivenTestBusiness extends GivenBusiness {
  /** The business's context on its own clock, as a request gets it. */
  onClock(): Promise<Ctx>;
  /** Let time pass until all is done up to the target; the clock of the test goes along. */
  advance(input: z.input<typeof AdvanceTestClockInput>): Promise<AdvancedTestClock>;
  /** What went out, the oldest first. */
  messages(filter?: z.input<typeof PageTestMessagesQuery>): Promise<TestMessageView[]>;
}

/** A test business, whose clock is moved as its admins move it. */
export async function givenTestBusiness({
  now = "2027-03-01T12:00:00Z",
  ...profile
}: GivenOptions = {}): Promise<GivenTestBusiness> {
  const shop = await givenBusiness({ now, mode: "test", clockAt: new Date(now), ...profile });
  const onClock = () => onTestClock(shop.ctx);
  const { PUBLIC_URL: publicUrl, BUSINESS_SENDS_PER_DAY: sendsPerDay } = testSettings();

  return {
    ...shop,
    onClock,
    async advance(input) {
      const options = { timing, publicUrl, sendsPerDay };
      let advanced = await advanceTestClock(await onClock(), AdvanceTestClockInput.parse(input), options);
      while (!advanced.reached) {
        const rest = AdvanceTestClockInput.parse({ to: advanced.to.toISOString() });
        advanced = await advanceTestClock(await onClock(), rest, options);
      }
      shop.clock.set(advanced.now);
      return advanced;
    },
    async messages(filter = {}) {
      const ctx = await onClock();
      const found: TestMessageView[] = [];
      let cursor: string | undefined;
      do {
        const page = await pageTestMessages(ctx, PageTestMessagesQuery.parse({ limit: 100, ...filter, cursor }));
        found.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor);
      return found.toReversed();
    },
  };
}
