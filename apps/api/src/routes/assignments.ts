import { AssignClientsInput, assignClients } from "@reminder-app/core/assignments/assign-clients";
import {
  ChangeAssignmentInput,
  DoneInput,
  changeAssignment,
  closeAssignment,
  reopenAssignment,
} from "@reminder-app/core/assignments/change-assignment";
import { PageAssignmentsQuery, pageAssignments } from "@reminder-app/core/assignments/page-assignments";
import type { Id } from "@reminder-app/platform/ids";
import { z } from "zod";
import { endpoint } from "../http/endpoint.ts";
import { assignmentSchema, assignmentWithNextSchema, pageOf, stoppedAssignmentSchema } from "../schemas.ts";
import { resetTimer } from "./reset-timer.ts";

const tag = "Assignments";
const all = "/v1/reminders/:reminderId/assignments";
const one = `${all}/:assignmentId`;
type Params = Readonly<Record<string, Id<never>>>;
const reminderOf = (params: Params) => params["reminderId"] as Id<"Reminder">;
const keyOf = (params: Params) => ({
  reminderId: reminderOf(params),
  assignmentId: params["assignmentId"] as Id<"Assignment">,
});
const stopped = { status: 200, schema: stoppedAssignmentSchema };

export const assignmentRoutes = [
  endpoint({
    method: "post",
    path: all,
    operationId: "assignClients",
    summary: "Put clients on a reminder, all or none",
    tag,
    access: "staff",
    scope: "reminders:write",
    idempotent: true,
    body: AssignClientsInput,
    example: {
      assignments: [
        {
          clientId: "01980000-0000-7000-8000-000000000001",
          period: "2027-Q1",
          dueOn: "2027-05-07",
          amount: 12500,
          currency: "GBP",
        },
      ],
    },
    answer: { status: 201, schema: z.object({ items: z.array(assignmentWithNextSchema) }) },
    async handle({ ctx, params, body }) {
      const items = await assignClients(ctx, reminderOf(params), body);
      return { body: { items }, afterCommit: resetTimer(ctx, reminderOf(params)) };
    },
  }),
  endpoint({
    method: "get",
    path: all,
    operationId: "listAssignments",
    summary: "The clients on a reminder",
    tag,
    access: "viewer",
    scope: "reminders:read",
    query: PageAssignmentsQuery,
    answer: { status: 200, schema: pageOf(assignmentSchema) },
    handle: async ({ ctx, params, query }) => ({ body: await pageAssignments(ctx, reminderOf(params), query) }),
  }),
  endpoint({
    method: "patch",
    path: one,
    operationId: "changeAssignment",
    summary: "Change due date, amount or single steps; what was not sent yet is re-dated",
    tag,
    access: "staff",
    scope: "reminders:write",
    body: ChangeAssignmentInput,
    example: { dueOn: "2027-06-07", amount: 9900, currency: "GBP" },
    answer: { status: 200, schema: assignmentWithNextSchema },
    async handle({ ctx, params, body }) {
      const changed = await changeAssignment(ctx, keyOf(params), body);
      return { body: changed, afterCommit: resetTimer(ctx, reminderOf(params)) };
    },
  }),
  endpoint({
    method: "delete",
    path: one,
    operationId: "removeAssignment",
    summary: "Take a client off a reminder; its history stays",
    tag,
    access: "staff",
    scope: "reminders:write",
    answer: stopped,
    handle: async ({ ctx, params }) => ({ body: await closeAssignment(ctx, keyOf(params), "cancelled") }),
  }),
  endpoint({
    method: "post",
    path: `${one}/done`,
    operationId: "markAssignmentDone",
    summary: "The client has done it: nothing more is sent",
    tag,
    access: "staff",
    scope: "reminders:write",
    body: DoneInput,
    example: { because: "paid" },
    answer: stopped,
    handle: async ({ ctx, params, body }) => ({ body: await closeAssignment(ctx, keyOf(params), body.because) }),
  }),
  endpoint({
    method: "post",
    path: `${one}/cancel`,
    operationId: "cancelAssignment",
    summary: "Stop reminding this client",
    tag,
    access: "staff",
    scope: "reminders:write",
    answer: stopped,
    handle: async ({ ctx, params }) => ({ body: await closeAssignment(ctx, keyOf(params), "cancelled") }),
  }),
  endpoint({
    method: "post",
    path: `${one}/reopen`,
    operationId: "reopenAssignment",
    summary: "Remind this client again from the next moment on",
    tag,
    access: "staff",
    scope: "reminders:write",
    answer: { status: 200, schema: assignmentWithNextSchema },
    async handle({ ctx, params }) {
      const reopened = await reopenAssignment(ctx, keyOf(params));
      return { body: reopened, afterCommit: resetTimer(ctx, reminderOf(params)) };
    },
  }),
];
