import { attemptRepo } from "@reminder-app/core/deliveries/attempts.repo";
import { openDatabase } from "@reminder-app/db/database";
import { type Id, newId } from "@reminder-app/platform/ids";
import { testSettings } from "./test-settings.ts";

/** A call to a provider that was started for a delivery; answers with its token. */
export async function givenAttempt(of: { businessId: string; deliveryId: string }): Promise<Id<"Attempt">> {
  const database = openDatabase({ url: testSettings().DATABASE_URL, connections: 1 });
  const token = newId<"Attempt">();
  await attemptRepo({ db: database.db, businessId: of.businessId as Id<"Business"> }).insertMany([
    {
      deliveryId: of.deliveryId as Id<"Delivery">,
      number: 1,
      token,
      provider: "test",
      state: "started",
      revision: 1,
      startedAt: new Date(),
    },
  ]);
  await database.close();
  return token;
}
