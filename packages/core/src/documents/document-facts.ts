import type { EventData } from "../webhooks/event-types.ts";
import type { Document } from "./documents.repo.ts";

/** What an event says of a document. */
export function documentFacts(document: Document): EventData<"document.received"> {
  const { id, clientId, assignmentId, itemId, direction } = document;
  return { documentId: id, clientId, assignmentId, itemId, direction };
}
