/** What happens with money that is not the whole of what is owed; kept with each request, from the business's own at first. */
export interface PaymentPolicy {
  /** The least that may be paid at once, in minor units; empty when only the whole balance may be paid. */
  readonly leastPart: number | null;
  /** For how many days nothing is sent after a part payment; 0 goes on with the new balance. */
  readonly pauseDaysAfterPart: number;
  /** Whether what is paid too much goes back, or stays as the client's credit. */
  readonly overpayment: "refund" | "credit";
  /** Whether the chase begins again after a refund or a lost dispute, or is held until staff decide. */
  readonly afterRefund: "reopen" | "hold";
  /** Whether the client is thanked for a payment. */
  readonly receipts: boolean;
}

export const defaultPaymentPolicy: PaymentPolicy = {
  leastPart: null,
  pauseDaysAfterPart: 0,
  overpayment: "credit",
  afterRefund: "hold",
  receipts: true,
};
