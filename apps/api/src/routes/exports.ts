import { PageAssignmentsQuery, pageAssignments } from "@reminder-app/core/assignments/page-assignments";
import { PageHoldsQuery, pageHolds } from "@reminder-app/core/assignments/page-holds";
import { exportClients } from "@reminder-app/core/clients/export-clients";
import { withClientNames } from "@reminder-app/core/clients/name-clients";
import { PageClientsQuery } from "@reminder-app/core/clients/page-clients";
import { PageDeliveriesQuery, pageDeliveries } from "@reminder-app/core/deliveries/page-deliveries";
import { PageOutboxQuery, exportOutbox } from "@reminder-app/core/outbox/page-outbox";
import { allPages } from "@reminder-app/core/page";
import { PageBankLinesQuery, pageBankLines } from "@reminder-app/core/payments/decide-bank-line";
import { PagePaymentRequestsQuery, pagePaymentRequests } from "@reminder-app/core/payments/page-payment-requests";
import { PagePaymentsQuery, pagePayments } from "@reminder-app/core/payments/page-payments";
import { PageTasksQuery, pageTasks } from "@reminder-app/core/tasks/page-tasks";
import type { Id } from "@reminder-app/platform/ids";
import { csvTable } from "../http/csv-table.ts";
import { endpoint } from "../http/endpoint.ts";
import {
  assignmentColumns,
  bankLineColumns,
  clientColumns,
  deliveryColumns,
  outboxColumns,
  paymentColumns,
  paymentRequestColumns,
  taskColumns,
} from "../schemas/exports.ts";

const whole = { limit: true, cursor: true } as const;
const answer = { status: 200, media: "text/csv" } as const;
const file = (fileName: string, text: AsyncIterable<string>) => ({ download: { fileName, text } });

/** Lists as CSV, without end. They stand before the routes of one client and the like, whose paths they fit too. */
export const exportRoutes = [
  endpoint({
    method: "get",
    path: "/v1/clients/export",
    operationId: "exportClients",
    summary: "Clients with their contacts and tags as CSV, which can be imported again",
    tag: "Clients",
    access: "viewer",
    scope: "clients:read",
    query: PageClientsQuery.omit(whole),
    answer,
    handle: async ({ ctx, query }) => file("clients.csv", csvTable(clientColumns, exportClients(ctx, query))),
  }),
  endpoint({
    method: "get",
    path: "/v1/deliveries/export",
    operationId: "exportDeliveries",
    summary: "What was sent and what waits as CSV, the newest first",
    tag: "Deliveries",
    access: "viewer",
    scope: "deliveries:read",
    query: PageDeliveriesQuery.omit(whole),
    answer,
    async handle({ ctx, query }) {
      const pages = allPages((at) => pageDeliveries(ctx, { ...query, ...at }));
      return file("messages.csv", csvTable(deliveryColumns, withClientNames(ctx, pages)));
    },
  }),
  endpoint({
    method: "get",
    path: "/v1/reminders/:reminderId/assignments/export",
    operationId: "exportAssignments",
    summary: "The clients on a reminder as CSV",
    tag: "Assignments",
    access: "viewer",
    scope: "reminders:read",
    query: PageAssignmentsQuery.omit(whole),
    answer,
    async handle({ ctx, params, query }) {
      const reminderId = params["reminderId"] as Id<"Reminder">;
      const pages = allPages((at) => pageAssignments(ctx, reminderId, { ...query, ...at }));
      return file("assignments.csv", csvTable(assignmentColumns, withClientNames(ctx, pages)));
    },
  }),
  endpoint({
    method: "get",
    path: "/v1/holds/export",
    operationId: "exportHolds",
    summary: "Who is not reminded at present, and why, as CSV",
    tag: "Assignments",
    access: "viewer",
    scope: "reminders:read",
    query: PageHoldsQuery.omit(whole),
    answer,
    async handle({ ctx, query }) {
      const pages = allPages((at) => pageHolds(ctx, { ...query, ...at }));
      return file("holds.csv", csvTable(assignmentColumns, withClientNames(ctx, pages)));
    },
  }),
  endpoint({
    method: "get",
    path: "/v1/outbox/export",
    operationId: "exportOutbox",
    summary: "Every message that is still to come as CSV",
    tag: "Deliveries",
    access: "viewer",
    scope: "deliveries:read",
    query: PageOutboxQuery.omit(whole),
    answer,
    handle: async ({ ctx, query }) => file("outbox.csv", csvTable(outboxColumns, exportOutbox(ctx, query))),
  }),
  endpoint({
    method: "get",
    path: "/v1/tasks/export",
    operationId: "exportTasks",
    summary: "What staff have to look at as CSV",
    tag: "Tasks",
    access: "viewer",
    scope: "reminders:read",
    query: PageTasksQuery.omit(whole),
    answer,
    async handle({ ctx, query }) {
      const pages = allPages((at) => pageTasks(ctx, { ...query, ...at }));
      return file("tasks.csv", csvTable(taskColumns, withClientNames(ctx, pages)));
    },
  }),
  endpoint({
    method: "get",
    path: "/v1/payment-requests/export",
    operationId: "exportPaymentRequests",
    summary: "What clients owe and owed as CSV",
    tag: "Payments",
    access: "viewer",
    scope: "payments:read",
    query: PagePaymentRequestsQuery.omit(whole),
    answer,
    async handle({ ctx, query }) {
      const pages = allPages((at) => pagePaymentRequests(ctx, { ...query, ...at }));
      return file("payment-requests.csv", csvTable(paymentRequestColumns, withClientNames(ctx, pages)));
    },
  }),
  endpoint({
    method: "get",
    path: "/v1/payments/export",
    operationId: "exportPayments",
    summary: "Money that moved as CSV",
    tag: "Payments",
    access: "viewer",
    scope: "payments:read",
    query: PagePaymentsQuery.omit(whole),
    answer,
    async handle({ ctx, query }) {
      const pages = allPages((at) => pagePayments(ctx, { ...query, ...at }));
      return file("payments.csv", csvTable(paymentColumns, withClientNames(ctx, pages)));
    },
  }),
  endpoint({
    method: "get",
    path: "/v1/bank-lines/export",
    operationId: "exportBankLines",
    summary: "Lines of bank statements as CSV",
    tag: "Bank lines",
    access: "viewer",
    scope: "payments:read",
    allClients: true,
    query: PageBankLinesQuery.omit(whole),
    answer,
    async handle({ ctx, query }) {
      const pages = allPages((at) => pageBankLines(ctx, { ...query, ...at }));
      return file("bank-lines.csv", csvTable(bankLineColumns, pages));
    },
  }),
];
