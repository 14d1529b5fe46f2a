import type { ContactRole } from "@reminder-app/db/schema/clients";
import type { ReminderType } from "@reminder-app/db/schema/reminder-types";

const ROLE_FOR: Readonly<Record<ReminderType, ContactRole>> = {
  deadline: "primary",
  payment: "billing",
  document: "documents",
  appointment: "primary",
  custom: "primary",
};

/**
 * Who of a client gets a reminder of this type: the contacts with the role that the type asks for, else the primary
 * ones, else the oldest contact; and everyone in copy.
 */
export function chooseRecipients<Contact extends { readonly roles: readonly ContactRole[] }>(
  type: ReminderType,
  contacts: readonly Contact[],
): Contact[] {
  const withRole = (role: ContactRole) => contacts.filter(({ roles }) => roles.includes(role));
  const choices = [withRole(ROLE_FOR[type]), withRole("primary"), contacts.slice(0, 1)];
  const chosen = choices.find(({ length }) => length > 0) ?? [];
  return contacts.filter((contact) => chosen.includes(contact) || contact.roles.includes("cc"));
}
