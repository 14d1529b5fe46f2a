import { parseArgs } from "node:util";
import { actFor } from "@reminder-app/core/ctx";
import { RehearseQuery, rehearse } from "@reminder-app/core/outbox/rehearse";
import { isTestBusiness, onTestClock } from "@reminder-app/core/test-clock/on-test-clock";
import { AppError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { z } from "zod";
import { withSystem } from "../keys/open-system.ts";
import { writeCalendar } from "../rehearsal/write-calendar.ts";

const { values } = parseArgs({
  options: {
    business: { type: "string" },
    months: { type: "string", default: "12" },
    client: { type: "string" },
    json: { type: "boolean", default: false },
  },
});
const business = z.uuid().safeParse(values.business);
const asked = RehearseQuery.safeParse({ months: Number(values.months), clientId: values.client });

if (!business.success || !asked.success) {
  console.error("Use --business with a business's id, --months 1 to 24, and perhaps --client with a client's id");
  process.exitCode = 1;
} else {
  await withSystem(async (system) => {
    const live = actFor(system, business.data as Id<"Business">, "rehearse");
    try {
      const ctx = (await isTestBusiness(live)) ? await onTestClock(live) : live;
      const rehearsal = await rehearse(ctx, asked.data);
      if (values.json) console.log(JSON.stringify(rehearsal));
      else for (const line of writeCalendar(rehearsal)) console.log(line);
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      console.error(thrown.message);
      process.exitCode = 1;
    }
  });
}
