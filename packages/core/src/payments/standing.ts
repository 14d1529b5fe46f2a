import type { PaymentRequest } from "./payment-requests.repo.ts";

/** How a request stands, as the payments for it have it. */
export interface Standing {
  readonly request: PaymentRequest;
  /** How it stood before. */
  readonly before: PaymentRequest;
  /** A dispute waits to be decided. */
  readonly disputeOpen: boolean;
  /** A payment for it was on its way and failed. */
  readonly failed: boolean;
  /** What was noted by mistake was taken back: no money went to the client. */
  readonly mistaken: boolean;
}
