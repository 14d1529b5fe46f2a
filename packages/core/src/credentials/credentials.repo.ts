import { providerCredentials } from "@reminder-app/db/schema/access";
import { and, asc, eq } from "drizzle-orm";
import type { Scope } from "../ctx.ts";

export type Credential = typeof providerCredentials.$inferSelect;

/** Every query below is limited to `businessId`; there is no unscoped way in. */
export function credentialRepo({ db, businessId }: Scope) {
  const mine = eq(providerCredentials.businessId, businessId);

  async function find(provider: string): Promise<Credential | undefined> {
    const [row] = await db
      .select()
      .from(providerCredentials)
      .where(and(mine, eq(providerCredentials.provider, provider)));
    return row;
  }

  async function list(): Promise<Credential[]> {
    return db.select().from(providerCredentials).where(mine).orderBy(asc(providerCredentials.provider));
  }

  async function put(credential: Omit<Credential, "businessId">): Promise<void> {
    const { provider: _, createdAt: __, ...change } = credential;
    await db
      .insert(providerCredentials)
      .values({ ...credential, businessId })
      .onDuplicateKeyUpdate({ set: change });
  }

  return { find, list, put };
}
