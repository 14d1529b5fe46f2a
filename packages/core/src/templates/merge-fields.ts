import { PageLink } from "./merged-text.ts";

/** What a receipt tells of a payment, as its reader writes money. */
export interface PaymentFields {
  readonly amount: string;
  /** What was paid for. */
  readonly purpose: string;
  /** What is still owed of that, if anything. */
  readonly balance: string | undefined;
}

/** What a message can name. What is undefined has no value for this client. */
export interface MergeFields {
  readonly client: { readonly name: string };
  readonly contact: { readonly name: string };
  readonly business: { readonly name: string; readonly postalAddress: string | undefined };
  readonly reminder: { readonly name: string; readonly type: string };
  readonly period: string | undefined;
  /** As the reader writes dates. */
  readonly dueDate: string | undefined;
  /** As the reader writes money. */
  readonly amount: string | undefined;
  /** Where the reader's own page is. */
  readonly link: string | undefined;
  /** What the client still has to send, a line for each thing. */
  readonly missing?: readonly string[] | undefined;
  /** The reader's language tag. */
  readonly locale: string;
  /** Of a receipt, whose text is ours. */
  readonly payment?: PaymentFields | undefined;
}

/** All merge fields as authors write them, each with what it stands for. */
export const mergeFields = {
  "client.name": "the client",
  "contact.name": "the person who is written to",
  "contact.first_name": "their first name",
  "business.name": "the business that reminds",
  "business.postal_address": "its postal address",
  "reminder.name": "the reminder",
  "reminder.type": "deadline, payment, document, appointment or custom",
  period: "the period of the assignment, such as 2027-Q1",
  due_date: "the due date, as the reader writes dates",
  amount: "the amount, as the reader writes money",
  link: "where the reader sees all that is open, pays and answers; it opens without a password",
  missing: "what the client still has to send, a line for each thing",
} as const;

export type MergeFieldName = keyof typeof mergeFields;

/** The values that a template sees. Fields without a value are absent, so that naming one is an error, not a blank. */
export function toScope(fields: MergeFields): Record<string, unknown> {
  return compact({
    client: compact({ name: fields.client.name }),
    contact: compact({ name: fields.contact.name, first_name: fields.contact.name.split(" ")[0] }),
    business: compact({ name: fields.business.name, postal_address: fields.business.postalAddress }),
    reminder: compact({ name: fields.reminder.name, type: fields.reminder.type }),
    period: fields.period,
    due_date: fields.dueDate,
    amount: fields.amount,
    link: fields.link === undefined ? undefined : new PageLink(fields.link),
    payment: fields.payment && compact({ ...fields.payment }),
    missing: fields.missing,
  });
}

/** Whether a template may write the link; what it says outside of its fields and tags does not count. */
export function namesLink(template: string): boolean {
  return /\{[{%][^}%]*\blink\b/.test(template);
}

function compact(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== ""));
}
