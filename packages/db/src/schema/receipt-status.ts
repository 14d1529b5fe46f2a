/** What a provider can report about a message that it has seen. */
export type ReceiptStatus = "accepted" | "delivered" | "read" | "undelivered";
