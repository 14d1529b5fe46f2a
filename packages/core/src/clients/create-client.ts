import { isDuplicateKey } from "@reminder-app/db/faults";
import { AppError } from "@reminder-app/platform/errors";
import { newId } from "@reminder-app/platform/ids";
import { clientFactsSchema } from "@reminder-app/schedule/client-facts";
import { zoneSchema } from "@reminder-app/schedule/zones";
import { z } from "zod";
import { recordAudit } from "../audit/record-audit.ts";
import { type Ctx, inTransaction, requireRole } from "../ctx.ts";
import { line, localeSchema } from "../texts.ts";
import { warn } from "../validation-rules.ts";
import { clientStaffRepo } from "./client-staff.repo.ts";
import { clientRepo } from "./clients.repo.ts";
import { ContactInput, insertContact } from "./contact.ts";
import { slippedEmail } from "./email-domain.ts";
import { type ClientWithContacts, getClient } from "./get-client.ts";
import { neverChaseSchema } from "./never-chase.ts";

export const CreateClientInput = z.strictObject({
  name: line(200),
  externalId: line(100).nullable().default(null),
  timeZone: zoneSchema.nullable().default(null),
  locale: localeSchema.nullable().default(null),
  facts: clientFactsSchema.nullable().default(null).describe("What statutory due dates follow from"),
  neverChase: neverChaseSchema.default(null),
  contacts: z.array(ContactInput).max(20).default([]),
});

/** A client that is made by a member who works with some clients only is one of these. */
export async function createClient(ctx: Ctx, input: z.output<typeof CreateClientInput>): Promise<ClientWithContacts> {
  requireRole(ctx, "staff", "create clients");
  const { contacts, ...client } = input;
  warn(
    ctx,
    contacts.flatMap(({ addresses }, index) => slippedEmail(addresses.email, `contacts.${index}.`)),
  );
  const id = newId<"Client">();
  return inTransaction(ctx, async (tx) => {
    const now = tx.now();
    await refuseTakenExternalId(() => clientRepo(tx).insert({ id, ...client, createdAt: now, updatedAt: now }));
    if (tx.clientsOf) await clientStaffRepo(tx).add(id, [tx.clientsOf]);
    for (const contact of contacts) await insertContact(tx, id, contact);
    const made = await getClient(tx, id);
    await recordAudit(tx, "client.created", { entityId: id, name: client.name, externalId: client.externalId });
    return made;
  });
}

/** Say which field is in the way when another client has the external id already. */
export async function refuseTakenExternalId(write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (thrown) {
    if (!isDuplicateKey(thrown)) throw thrown;
    const message = "another client has this external id already";
    throw new AppError("conflict", message, { issues: [{ field: "externalId", message }], cause: thrown });
  }
}
