import type { Endpoint } from "../http/endpoint.ts";
import { accountRoutes } from "./account.ts";
import { apiKeyRoutes } from "./api-keys.ts";
import { assignmentRoutes } from "./assignments.ts";
import { auditRoutes } from "./audit.ts";
import { authRoutes } from "./auth.ts";
import { bankLineRoutes } from "./bank-lines.ts";
import { businessRoutes } from "./business.ts";
import { clientRoutes } from "./clients.ts";
import { checklistRoutes } from "./checklists.ts";
import { credentialRoutes } from "./credentials.ts";
import { deliveryRoutes } from "./deliveries.ts";
import { duplicateRoutes } from "./duplicates.ts";
import { documentRoutes } from "./documents.ts";
import { exportRoutes } from "./exports.ts";
import { holdRoutes } from "./holds.ts";
import { linkRoutes } from "./links.ts";
import { importRoutes } from "./imports.ts";
import { meRoutes } from "./me.ts";
import { memberRoutes } from "./members.ts";
import { outboxRoutes } from "./outbox.ts";
import { pauseRoutes } from "./pauses.ts";
import { paymentRequestRoutes } from "./payment-requests.ts";
import { paymentRoutes } from "./payments.ts";
import { privacyRoutes } from "./privacy.ts";
import { paymentAccountRoutes } from "./payment-account.ts";
import { reminderRoutes } from "./reminders.ts";
import { reportRoutes } from "./reports.ts";
import { scheduleRoutes } from "./schedules.ts";
import { suppressionRoutes } from "./suppressions.ts";
import { tagRoutes } from "./tags.ts";
import { testClockRoutes } from "./test-clock.ts";
import { taskRoutes } from "./tasks.ts";
import { timelineRoutes } from "./timeline.ts";
import { webhookEndpointRoutes } from "./webhook-endpoints.ts";

/** The table of routes; the documentation is generated from it. */
export const endpoints: readonly Endpoint[] = [
  ...authRoutes,
  ...accountRoutes,
  ...meRoutes,
  ...apiKeyRoutes,
  ...memberRoutes,
  ...businessRoutes,
  ...duplicateRoutes,
  ...exportRoutes,
  ...clientRoutes,
  ...importRoutes,
  ...bankLineRoutes,
  ...linkRoutes,
  ...privacyRoutes,
  ...pauseRoutes,
  ...reminderRoutes,
  ...assignmentRoutes,
  ...checklistRoutes,
  ...documentRoutes,
  ...holdRoutes,
  ...scheduleRoutes,
  ...paymentRequestRoutes,
  ...paymentRoutes,
  ...outboxRoutes,
  ...deliveryRoutes,
  ...timelineRoutes,
  ...taskRoutes,
  ...reportRoutes,
  ...auditRoutes,
  ...credentialRoutes,
  ...paymentAccountRoutes,
  ...suppressionRoutes,
  ...tagRoutes,
  ...testClockRoutes,
  ...webhookEndpointRoutes,
];
