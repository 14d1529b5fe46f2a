/** The sending number, as its app is set up at Meta. */
export interface WhatsappNumber {
  readonly phoneNumberId: string;
  readonly appSecret: string;
  /** Where status webhooks go; none are sent without it. */
  readonly callbackUrl?: string | undefined;
}
