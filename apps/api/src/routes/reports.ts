import { LateClientsQuery, pageLateClients } from "@reminder-app/core/reports/page-late-clients";
import { allPages } from "@reminder-app/core/page";
import { PeriodQuery } from "@reminder-app/core/reports/period";
import { CompletionReportQuery, reportCompletions } from "@reminder-app/core/reports/report-completions";
import { DeliveryReportQuery, reportDeliveries } from "@reminder-app/core/reports/report-deliveries";
import { reportPayments } from "@reminder-app/core/reports/report-payments";
import { reportReceivables } from "@reminder-app/core/reports/report-receivables";
import { reportVisits } from "@reminder-app/core/reports/report-visits";
import { endpoint } from "../http/endpoint.ts";
import { csvTable } from "../http/csv-table.ts";
import { pageOf } from "../schemas.ts";
import {
  completionReportSchema,
  deliveryReportSchema,
  lateClientSchema,
  paymentReportSchema,
  receivablesSchema,
  visitReportSchema,
} from "../schemas/reports.ts";

const read = { tag: "Reports", access: "viewer", scope: "reports:read" } as const;
const deliveryColumns = [
  "day",
  "channel",
  "reminderId",
  "stepId",
  "state",
  "reason",
  "sentence",
  "total",
  "waiting",
  "sent",
  "delivered",
  "bounced",
  "failed",
  "notSent",
] as const;
const completionColumns = ["reminderId", "stepId", "channel", "weekday", "hour", "sent", "done", "share"] as const;
const agedColumns = ["asOf", "currency", "age", "requests", "amount", "processing"] as const;
const paymentColumns = [
  "currency",
  "payments",
  "received",
  "refunded",
  "disputed",
  "afterReminder",
  "requestsPaid",
  "daysToPayMean",
  "daysToPayMedian",
  "daysLateMean",
  "daysLateMedian",
] as const;
const lateColumns = [
  "clientId",
  "clientName",
  "reminderId",
  "reminderName",
  "type",
  "period",
  "dueOn",
  "daysLate",
  "missing",
  "hold",
  "messagesSent",
  "lastMessageAt",
] as const;
const csv = { status: 200, media: "text/csv" } as const;

export const reportRoutes = [
  endpoint({
    method: "get",
    path: "/v1/reports/deliveries",
    operationId: "reportDeliveries",
    summary: "What came of messages, by day, channel, template, state or reason",
    ...read,
    query: DeliveryReportQuery,
    answer: { status: 200, schema: deliveryReportSchema },
    handle: async ({ ctx, query }) => ({ body: await reportDeliveries(ctx, query) }),
  }),
  endpoint({
    method: "get",
    path: "/v1/reports/deliveries/export",
    operationId: "exportDeliveryReport",
    summary: "The same as CSV",
    ...read,
    query: DeliveryReportQuery,
    answer: csv,
    async handle({ ctx, query }) {
      const { lines } = await reportDeliveries(ctx, query);
      return { download: { fileName: "deliveries.csv", text: csvTable(deliveryColumns, lines) } };
    },
  }),
  endpoint({
    method: "get",
    path: "/v1/reports/completions",
    operationId: "reportCompletions",
    summary: "Which messages work: what was done within 72 hours of them, by step, channel, weekday or hour",
    ...read,
    query: CompletionReportQuery,
    answer: { status: 200, schema: completionReportSchema },
    handle: async ({ ctx, query }) => ({ body: await reportCompletions(ctx, query) }),
  }),
  endpoint({
    method: "get",
    path: "/v1/reports/completions/export",
    operationId: "exportCompletionReport",
    summary: "The same as CSV",
    ...read,
    query: CompletionReportQuery,
    answer: csv,
    async handle({ ctx, query }) {
      const { lines } = await reportCompletions(ctx, query);
      return { download: { fileName: "completions.csv", text: csvTable(completionColumns, lines) } };
    },
  }),
  endpoint({
    method: "get",
    path: "/v1/reports/visits",
    operationId: "reportVisits",
    summary: "How often clients opened their pages, day by day, scanners kept apart",
    ...read,
    query: PeriodQuery,
    answer: { status: 200, schema: visitReportSchema },
    handle: async ({ ctx, query }) => ({ body: await reportVisits(ctx, query) }),
  }),
  endpoint({
    method: "get",
    path: "/v1/reports/visits/export",
    operationId: "exportVisitReport",
    summary: "The same as CSV",
    ...read,
    query: PeriodQuery,
    answer: csv,
    async handle({ ctx, query }) {
      const { lines } = await reportVisits(ctx, query);
      return { download: { fileName: "visits.csv", text: csvTable(["day", "opened", "clients", "scanned"], lines) } };
    },
  }),
  endpoint({
    method: "get",
    path: "/v1/reports/receivables",
    operationId: "reportReceivables",
    summary: "What clients owe today, by currency and by how long it has been overdue",
    ...read,
    answer: { status: 200, schema: receivablesSchema },
    handle: async ({ ctx }) => ({ body: await reportReceivables(ctx) }),
  }),
  endpoint({
    method: "get",
    path: "/v1/reports/receivables/export",
    operationId: "exportReceivables",
    summary: "The same as CSV",
    ...read,
    answer: csv,
    async handle({ ctx }) {
      const { asOf, currencies } = await reportReceivables(ctx);
      const lines = currencies.flatMap(({ currency, ages }) => ages.map((aged) => ({ asOf, currency, ...aged })));
      return { download: { fileName: "receivables.csv", text: csvTable(agedColumns, lines) } };
    },
  }),
  endpoint({
    method: "get",
    path: "/v1/reports/payments",
    operationId: "reportPayments",
    summary: "What came in, how long clients took, and what reminders brought in",
    ...read,
    query: PeriodQuery,
    answer: { status: 200, schema: paymentReportSchema },
    handle: async ({ ctx, query }) => ({ body: await reportPayments(ctx, query) }),
  }),
  endpoint({
    method: "get",
    path: "/v1/reports/payments/export",
    operationId: "exportPaymentReport",
    summary: "The same as CSV",
    ...read,
    query: PeriodQuery,
    answer: csv,
    async handle({ ctx, query }) {
      const { currencies } = await reportPayments(ctx, query);
      const lines = currencies.map(({ daysToPay, daysLate, ...sums }) => ({
        ...sums,
        daysToPayMean: daysToPay?.mean ?? null,
        daysToPayMedian: daysToPay?.median ?? null,
        daysLateMean: daysLate?.mean ?? null,
        daysLateMedian: daysLate?.median ?? null,
      }));
      return { download: { fileName: "payments.csv", text: csvTable(paymentColumns, lines) } };
    },
  }),
  endpoint({
    method: "get",
    path: "/v1/reports/late-clients",
    operationId: "listLateClients",
    summary: "Which clients are late with what, the longest late first",
    ...read,
    query: LateClientsQuery,
    answer: { status: 200, schema: pageOf(lateClientSchema) },
    handle: async ({ ctx, query }) => ({ body: await pageLateClients(ctx, query) }),
  }),
  endpoint({
    method: "get",
    path: "/v1/reports/late-clients/export",
    operationId: "exportLateClients",
    summary: "The same as CSV, without end",
    ...read,
    query: LateClientsQuery.pick({ type: true }),
    answer: csv,
    async handle({ ctx, query }) {
      const pages = allPages((at) => pageLateClients(ctx, { ...query, ...at }));
      return { download: { fileName: "late-clients.csv", text: csvTable(lateColumns, pages) } };
    },
  }),
];
