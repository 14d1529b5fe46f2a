/**
 * Why a message went out, waits, or did not: every code that stands in the ledger, with the sentence that tells it to a
 * person. Sentences are about "the client"; who and when is told beside them.
 */
export const reasons = {
  // the reminder and the work
  done: "The work was done, so nothing more was sent.",
  paid: "It was paid, so nothing more was sent.",
  received: "What was asked for was received, so nothing more was sent.",
  signed: "It was signed, so nothing more was sent.",
  assignment_done: "The work was done, so nothing more was sent.",
  assignment_cancelled: "The client was taken off the reminder.",
  assignment_exhausted: "All steps had been sent, and the work was still not done.",
  reminder_cancelled: "The reminder was cancelled.",
  client_archived: "The client is archived.",
  contact_archived: "The contact is archived.",
  business_suspended: "The business may not send at present.",
  paused: "The reminder was paused.",
  client_paused: "The client was paused.",
  business_paused: "All sending of the business was paused.",
  promise: "The client promised a date, and it had not passed.",
  dispute: "The client disputes it.",
  not_applicable: "It does not apply to the client.",
  snoozed: "It was put off until a later date.",
  payment_on_its_way: "A payment was on its way, and had neither succeeded nor failed.",
  part_payment: "The client had just paid a part of it.",
  says_paid: "The client said that it was paid another way, and staff had not checked it.",
  refunded: "Money went back to the client, and staff had not decided what follows.",
  bank_dispute: "The client's bank disputed a payment, and it was not decided.",
  auto_billed: "The client pays by themselves and is never chased.",
  internal: "The client is the firm's own record and is never chased.",
  nothing_owed: "Nothing is owed.",
  payment_removed: "The payment that it thanked for had been noted by mistake.",
  replaced_by_manual_send: "A message sent by hand took this one's place.",
  skipped_by_staff: "Staff chose to leave it out.",
  held_by_staff: "Staff held it back.",
  approved_by_staff: "Staff approved it.",
  edited_by_staff: "Staff changed its text.",
  awaiting_approval: "It waits for someone's approval.",
  // time
  grace_over: "It came due during an outage and was too late to make sense when sending went on.",
  late_step: "It was past when the client joined, or when a pause ended, so it was sent at once.",
  coalesced: "Several came due during an outage; only the latest was sent.",
  too_late: "It could not be sent in time.",
  quiet_hours: "It waits for the end of quiet hours.",
  quiet_hours_expired: "Quiet hours lasted longer than the message would have made sense.",
  outside_window: "It waits until messages may go on this channel.",
  window_expired: "No window for this channel opened while the message would have made sense.",
  capped: "The person has had as many messages as the business wants them to get.",
  superseded: "A newer message about the same work takes its place.",
  merged: "It is a line of the one message that the person got that day.",
  daily_limit: "The business has sent as many messages today as it may.",
  // the address
  no_address: "The contact has no address for a channel that the reminder may use.",
  no_contact: "The client has no contact.",
  duplicate_address: "Another message of the same moment went to this address.",
  opted_out: "The person asked not to be written to on this channel.",
  suppressed: "The address does not work, or was blocked.",
  country_not_allowed: "The business does not write to numbers of this country.",
  test_mode: "Nothing leaves from a test business.",
  // steps that never came to be
  joined_late: "It was past when the client joined, or when the reminder began for them, so it was left out.",
  due_date_moved: "It fell away when the due date or the steps were changed.",
  day_taken: "Another step was moved to its day, so it was left out.",
  left_out_for_client: "Staff left this step out for this client.",
  not_open: "The client was not on the reminder at that moment.",
  // the provider
  lease_expired: "The process that was sending stopped; whether it was sent is being found out.",
  outcome_unknown: "Whether it was sent is not known, and is being found out.",
  was_not_sent: "It turned out not to have been sent, so it is tried again.",
  no_webhook_came: "The provider never said whether it was sent; a person has to decide.",
  unknown_twice: "It was tried twice, and it is not known whether it was sent; a person has to decide.",
  cannot_be_asked: "The provider cannot be asked whether it was sent; a person has to decide.",
  account_changed_meanwhile:
    "The provider's account was changed meanwhile, so it cannot be found out whether it was sent.",
  text_changed_meanwhile: "The text was changed meanwhile, so it cannot be found out whether it was sent.",
  attempts_used_up: "It was tried as often as it may be, without success.",
  retries_past_expiry: "The next try would have come too late.",
  crashed: "Something went wrong on our side; it is tried again.",
  crashes_used_up: "Something went wrong on our side again and again, so it was given up.",
  decided_by_hand: "Staff decided what became of it.",
  sent_again_by_hand: "Staff chose to send it again.",
  text_lacks_field: "The text needs something that is not known for this client.",
  provider_refused: "The provider refused it.",
  provider_busy: "The provider could not take it at that moment; it is tried again.",
  bounced: "The provider took it, but could not deliver it.",
  // where nothing stood in the way
  sent: "It was sent, and the provider took it.",
  delivered: "It was sent and delivered.",
  read: "It was sent, delivered and read.",
  being_sent: "It is being sent.",
  to_come: "It goes when its time comes.",
} as const satisfies Readonly<Record<string, string>>;

export type ReasonCode = keyof typeof reasons;

declare const ofProvider: unique symbol;
/** A provider's own words for what came of a call: `twilio/21610`. They are told beside a sentence of ours. */
export type ProviderCode = string & { readonly [ofProvider]: true };

/** Why a delivery is in its state. What is neither a code of ours nor marked as a provider's does not compile. */
export type Reason = ReasonCode | ProviderCode;

export function providerCode(code: string): ProviderCode {
  return code as ProviderCode;
}

/** Whether a stored reason is a code of ours. */
export function isReasonCode(reason: string): reason is ReasonCode {
  return Object.hasOwn(reasons, reason);
}
