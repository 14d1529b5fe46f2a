import type { IncomingMessage } from "node:http";
import { MINUTE_MS } from "@reminder-app/platform/clock";
import type { RequestHandler } from "express";

/** As long as a large file takes on a slow line. */
export const UPLOAD_DEADLINE_MS = 10 * MINUTE_MS;

const patient = new WeakSet<IncomingMessage>();

/** Whether a request may come as slowly as files do. */
export function isSlowBody(req: IncomingMessage): boolean {
  return patient.has(req);
}

/** Let a body come as slowly as files do: only once it is known who sends it, and that it is wanted. */
export function allowSlowBody(req: IncomingMessage): void {
  patient.add(req);
}

/** Leave the body to the handler. */
export const unreadBody: RequestHandler = (_req, _res, next) => next();
