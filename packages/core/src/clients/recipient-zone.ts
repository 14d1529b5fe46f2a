interface InZone {
  readonly timeZone: string | null;
}

/** The zone by whose clocks a person is written to: the contact's, else the client's, else the business's. */
export function recipientZone({
  contact,
  client,
  business,
}: {
  readonly contact: InZone;
  readonly client: InZone;
  readonly business: { readonly timeZone: string };
}): string {
  return contact.timeZone ?? client.timeZone ?? business.timeZone;
}
