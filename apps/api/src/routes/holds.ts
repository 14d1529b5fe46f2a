import { HoldInput, holdAssignment } from "@reminder-app/core/assignments/hold-assignment";
import { PageHoldsQuery, pageHolds } from "@reminder-app/core/assignments/page-holds";
import { releaseAssignment } from "@reminder-app/core/assignments/release-assignment";
import type { Id } from "@reminder-app/platform/ids";
import { endpoint } from "../http/endpoint.ts";
import { assignmentSchema, pageOf } from "../schemas.ts";
import { heldAssignmentSchema } from "../schemas/pauses.ts";
import { resetTimer } from "./reset-timer.ts";

const tag = "Holds";
const one = "/v1/reminders/:reminderId/assignments/:assignmentId";
type Params = Readonly<Record<string, Id<never>>>;
const keyOf = (params: Params) => ({
  reminderId: params["reminderId"] as Id<"Reminder">,
  assignmentId: params["assignmentId"] as Id<"Assignment">,
});

export const holdRoutes = [
  endpoint({
    method: "post",
    path: `${one}/hold`,
    operationId: "holdAssignment",
    summary:
      "Send this client nothing for a while: they promised a date, dispute it, it does not apply, or it is put off",
    tag,
    access: "staff",
    scope: "reminders:write",
    body: HoldInput,
    example: { reason: "promise", until: "2030-05-03", note: "Will pay by Friday" },
    answer: { status: 200, schema: heldAssignmentSchema },
    async handle({ ctx, params, body }) {
      const key = keyOf(params);
      return { body: await holdAssignment(ctx, key, body), afterCommit: resetTimer(ctx, key.reminderId) };
    },
  }),
  endpoint({
    method: "post",
    path: `${one}/release`,
    operationId: "releaseAssignment",
    summary: "End a hold; the reminder goes on",
    tag,
    access: "staff",
    scope: "reminders:write",
    answer: { status: 200, schema: assignmentSchema },
    async handle({ ctx, params }) {
      const key = keyOf(params);
      return { body: await releaseAssignment(ctx, key), afterCommit: resetTimer(ctx, key.reminderId) };
    },
  }),
  endpoint({
    method: "get",
    path: "/v1/holds",
    operationId: "listHolds",
    summary: "What is held at present, why, until when, and who is in charge of it",
    tag,
    access: "viewer",
    scope: "reminders:read",
    query: PageHoldsQuery,
    answer: { status: 200, schema: pageOf(assignmentSchema) },
    handle: async ({ ctx, query }) => ({ body: await pageHolds(ctx, query) }),
  }),
];
