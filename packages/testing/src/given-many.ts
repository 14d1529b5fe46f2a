import { type Assignment, assignmentRepo } from "@reminder-app/core/assignments/assignments.repo";
import { blankAssignment } from "@reminder-app/core/assignments/blank-assignment";
import { addressHash } from "@reminder-app/core/clients/contact";
import type { Reminder } from "@reminder-app/core/reminders/reminders.repo";
import { insertRows } from "@reminder-app/db/bulk";
import { clients, contactAddresses, contacts } from "@reminder-app/db/schema/clients";
import { sealedColumns } from "@reminder-app/db/sealed-columns";
import { newId } from "@reminder-app/platform/ids";
import type { GivenBusiness } from "./given-business.ts";

const CHUNK = 1_000;
type Given = Pick<Assignment, "amount" | "currency" | "dueOn">;

/** Put so many new clients on a reminder, each with a contact by email: thousands in the time that verbs need for tens. */
export async function assignMany(
  { ctx, clock }: GivenBusiness,
  { id: reminderId }: Pick<Reminder, "id">,
  count: number,
): Promise<Omit<Assignment, "businessId">[]> {
  const { businessId, db, vault } = ctx;
  const at = { createdAt: clock.now(), updatedAt: clock.now() };
  const given: Given = { amount: 100, currency: "GBP", dueOn: null };
  const made: Omit<Assignment, "businessId">[] = [];
  while (made.length < count) {
    const rows = Array.from({ length: Math.min(CHUNK, count - made.length) }, () => {
      const [clientId, contactId] = [newId<"Client">(), newId<"Contact">()];
      const address = `${contactId}@clients.example`;
      const channel = "email" as const;
      const cell = sealedColumns.contactAddress.cell({ businessId, contactId, channel });
      return {
        client: { businessId, id: clientId, name: "Hill Ltd", ...at },
        contact: {
          businessId,
          id: contactId,
          clientId,
          name: "Ada Hill",
          roles: [],
          preferences: {},
          archived: false,
          ...at,
        },
        address: {
          businessId,
          contactId,
          channel,
          address: vault.seal(address, cell),
          addressHash: addressHash(vault, channel, address),
        },
        assignment: blankAssignment({ ...given, reminderId, clientId, period: "", overrides: null }, clock.now()),
      };
    });
    await db.execute(
      insertRows(
        clients,
        rows.map(({ client }) => client),
      ),
    );
    await db.execute(
      insertRows(
        contacts,
        rows.map(({ contact }) => contact),
      ),
    );
    await db.execute(
      insertRows(
        contactAddresses,
        rows.map(({ address }) => address),
      ),
    );
    await assignmentRepo(ctx).insertMany(rows.map(({ assignment }) => assignment));
    made.push(...rows.map(({ assignment }) => assignment));
  }
  return made;
}
