/** Whose money it is: an account under the installation's platform, or one that the business's own key opens. */
export type GatewayAccount =
  | { readonly kind: "connect"; readonly accountId: string }
  | { readonly kind: "own_key"; readonly accountId: string; readonly secretKey: string };

/** What came of asking the provider. */
export type GatewayAnswer<Value> =
  | { readonly kind: "done"; readonly value: Value }
  /** For good: asking again cannot help. */
  | { readonly kind: "refused"; readonly code: string; readonly reason: string }
  /** It may or may not have been done; asking again with the same key does it once. */
  | { readonly kind: "unavailable"; readonly reason: string };

/** A page where an amount can be paid once. Amounts are whole minor units, as ISO 4217 has them. */
export interface CheckoutInput {
  /** Equal for the same checkout, however often it is asked for. */
  readonly key: string;
  readonly currency: string;
  readonly lines: readonly { readonly description: string; readonly amount: number }[];
  /** At most 24 hours from now. */
  readonly expiresAt: Date;
  readonly successUrl: string;
  readonly cancelUrl: string;
  readonly locale?: string | undefined;
}

export interface ProviderCheckout {
  readonly sessionId: string;
  readonly state: "open" | "completed" | "expired";
  /** Where the client pays, while it is open. */
  readonly url?: string | undefined;
  /** The payment that it led to; there from the moment that the client paid. */
  readonly paymentRef?: string | undefined;
  /** Our key of the checkout. */
  readonly key: string;
}

/** How a payment stands at the provider now, whatever happened in which order. */
export interface ProviderPayment {
  readonly paymentRef: string;
  /** When the provider was asked: before its answer was made. */
  readonly askedAt: Date;
  readonly state: "pending" | "processing" | "succeeded" | "failed";
  readonly currency: string;
  /** What the client paid, or is to pay. */
  readonly amount: number;
  readonly refunded: number;
  /** Withheld by disputes that are open or lost. */
  readonly disputed: number;
  /** Whether a dispute waits to be decided. */
  readonly disputeOpen: boolean;
  readonly failure?: string | undefined;
  /** Our key of the checkout that it came by. */
  readonly checkoutKey?: string | undefined;
  readonly paidAt?: Date | undefined;
}

export interface ProviderAccount {
  readonly accountId: string;
  readonly chargesEnabled: boolean;
  readonly liveMode: boolean;
}

/** That something happened at the provider; what it is, is asked of the provider. */
export interface ProviderEvent {
  readonly eventKey: string;
  readonly type: string;
  /** The account that it happened to; empty where it is the key's own. */
  readonly accountId?: string | undefined;
  readonly liveMode: boolean;
  readonly about: { readonly kind: "payment" | "checkout" | "account" | "other"; readonly id: string };
}

/** Where money is asked for and told about. Answers with values; rejects only for our own bugs. */
export interface PaymentGateway {
  /** Whether the installation has a platform under which businesses open accounts. */
  readonly hasPlatform: boolean;
  createCheckout(account: GatewayAccount, input: CheckoutInput): Promise<GatewayAnswer<ProviderCheckout>>;
  /** What is completed stays so: look at the answer's state. */
  expireCheckout(account: GatewayAccount, sessionId: string): Promise<GatewayAnswer<ProviderCheckout>>;
  getCheckout(account: GatewayAccount, sessionId: string): Promise<GatewayAnswer<ProviderCheckout>>;
  getPayment(account: GatewayAccount, paymentRef: string): Promise<GatewayAnswer<ProviderPayment>>;
  /** Sends a part of a payment back, once for each key. */
  refund(
    account: GatewayAccount,
    refund: { readonly key: string; readonly paymentRef: string; readonly amount: number },
  ): Promise<GatewayAnswer<void>>;
  /** A new account under the platform, once for each key. */
  createAccount(input: { readonly key: string; readonly email?: string }): Promise<GatewayAnswer<ProviderAccount>>;
  getAccount(account: GatewayAccount): Promise<GatewayAnswer<ProviderAccount>>;
  /** A page of the provider's where the business enters what an account needs. */
  onboardingUrl(
    accountId: string,
    urls: { readonly refreshUrl: string; readonly returnUrl: string },
  ): Promise<GatewayAnswer<string>>;
  close(): Promise<void>;
}
