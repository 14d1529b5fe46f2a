/** The columns of lists as CSV, each named as the field that it shows. */
export const clientColumns = [
  "name", "externalId", "timeZone", "locale", "tags", "yearEnd", "incorporatedOn", "vatStagger", "usEntity", "neverChase",
  "contactName", "roles", "email", "phone", "whatsapp", "contactTimeZone", "contactLocale", "pausedAt", "pausedUntil",
  "archivedAt", "createdAt", "updatedAt", "id", "contactId",
] as const; // prettier-ignore

export const deliveryColumns = [
  "dueAt", "clientName", "channel", "state", "reason", "tries", "acceptedAt", "deliveredAt", "readAt", "nextAt", "expiresAt",
  "createdAt", "updatedAt", "id", "occurrenceId", "reminderId", "assignmentId", "clientId", "contactId", "mergedInto",
] as const; // prettier-ignore

export const assignmentColumns = [
  "clientName", "period", "dueOn", "amount", "currency", "state", "closedBecause", "closedAt", "hold", "heldAt", "holdUntil",
  "holdNote", "createdAt", "updatedAt", "id", "reminderId", "clientId", "holdOwnerId",
] as const; // prettier-ignore

export const outboxColumns = [
  "dueAt", "expectedAt", "status", "reason", "sentence", "clientName", "contactName", "reminderName", "channel", "stepId",
  "period", "dueOn", "reminderId", "clientId", "contactId", "assignmentId", "slotKey", "deliveryId",
] as const; // prettier-ignore

export const taskColumns = [
  "createdAt", "kind", "state", "clientName", "note", "count", "updatedAt", "closedAt", "closedBy", "id", "reminderId",
  "clientId", "assignmentId", "ownerId",
] as const; // prettier-ignore

export const paymentRequestColumns = [
  "reference", "title", "clientName", "currency", "total", "paid", "processing", "balance", "status", "state", "dueOn",
  "overdueDays", "paidAt", "cancelledAt", "createdAt", "updatedAt", "id", "clientId",
] as const; // prettier-ignore

export const paymentColumns = [
  "receivedOn", "clientName", "method", "currency", "amount", "refunded", "disputed", "credit", "state", "failure", "note",
  "recordedBy", "providerRef", "createdAt", "updatedAt", "id", "clientId",
] as const; // prettier-ignore

export const bankLineColumns = [
  "bookedOn", "currency", "amount", "text", "state", "suggestedId", "paymentId", "createdAt", "updatedAt", "id",
] as const; // prettier-ignore
