import { AdvanceTestClockInput, advanceTestClock } from "@reminder-app/core/test-clock/advance-test-clock";
import { FreezeTestClockInput, freezeTestClock } from "@reminder-app/core/test-clock/freeze-test-clock";
import { getTestClock } from "@reminder-app/core/test-clock/get-test-clock";
import { PageTestMessagesQuery, pageTestMessages } from "@reminder-app/core/test-clock/page-test-messages";
import { endpoint } from "../http/endpoint.ts";
import { pageOf } from "../schemas.ts";
import { advancedTestClockSchema, testClockSchema, testMessageSchema } from "../schemas/test-clock.ts";

const tag = "Test mode";

export const testClockRoutes = [
  endpoint({
    method: "get",
    path: "/v1/test-clock",
    operationId: "getTestClock",
    summary: "Where the clock of a test business stands",
    tag,
    access: "viewer",
    scope: "business:read",
    answer: { status: 200, schema: testClockSchema },
    handle: async ({ ctx }) => ({ body: await getTestClock(ctx) }),
  }),
  endpoint({
    method: "post",
    path: "/v1/test-clock/freeze",
    operationId: "freezeTestClock",
    summary: "Set the clock of a test business; what is jumped over is late",
    tag,
    access: "admin",
    scope: "business:write",
    body: FreezeTestClockInput,
    example: { at: "2027-01-01T09:00:00Z" },
    answer: { status: 200, schema: testClockSchema },
    handle: async ({ ctx, body }) => ({ body: await freezeTestClock(ctx, body) }),
  }),
  endpoint({
    method: "post",
    path: "/v1/test-clock/advance",
    operationId: "advanceTestClock",
    summary: "Let the time of a test business pass, with all that comes due",
    tag,
    access: "admin",
    scope: "business:write",
    body: AdvanceTestClockInput,
    example: { by: { months: 12 } },
    answer: { status: 200, schema: advancedTestClockSchema },
    handle: async ({ ctx, body, deps }) => ({ body: await advanceTestClock(ctx, body, deps) }),
  }),
  endpoint({
    method: "get",
    path: "/v1/test-messages",
    operationId: "listTestMessages",
    summary: "What a test business would have sent, the newest first",
    tag,
    access: "viewer",
    scope: "deliveries:read",
    query: PageTestMessagesQuery,
    answer: { status: 200, schema: pageOf(testMessageSchema) },
    handle: async ({ ctx, query }) => ({ body: await pageTestMessages(ctx, query) }),
  }),
];
