import { randomUUID } from "node:crypto";
import { openDatabase } from "@reminder-app/db/database";
import { freePort } from "@reminder-app/testing/free-port";
import { expect, test } from "vitest";
import { type GivenApi, givenApi } from "../given-api.ts";
import { databaseUrlAt, openDatabaseAt } from "../given-wire.ts";
import { aNumber, twilioMessage, whatsappText, whatsappWebhook } from "./given-signed.ts";

/** How many of a webhook's statuses are stored. */
async function countStored(api: GivenApi, marker: string): Promise<number> {
  const database = openDatabase({ url: api.settings.DATABASE_URL, connections: 1 });
  const select = "select count(*) as kept from provider_events where provider_message_id like ?";
  const [rows] = await database.pool.query(select, [`wamid.${marker}%`]);
  await database.close();
  return (rows as { kept: number }[])[0]?.kept ?? -1;
}

test("2,000 statuses in one webhook are stored before it is answered, each once (S54, C7)", async () => {
  const api = await givenApi();
  const marker = randomUUID();
  const statuses = Array.from({ length: 2_000 }, (_, index) => ({
    id: `wamid.${marker}.${index}`,
    status: "delivered",
    recipient_id: "447700900123",
    biz_opaque_callback_data: randomUUID(),
  }));
  const post = whatsappWebhook(api, { statuses: [...statuses, statuses[0]] });
  expect((await post()).status).toBe(200);
  expect((await post()).status).toBe(200);
  expect(await countStored(api, marker)).toBe(2_000);
  await api.close();
});

test("while the database is away callbacks are told to come again, and are stored when they do (S54)", async () => {
  const port = await freePort();
  const wire = await openDatabaseAt(port);
  const api = await givenApi({ DATABASE_URL: databaseUrlAt(port) });
  const marker = randomUUID();
  const status = { id: `wamid.${marker}`, status: "read" };
  const callbacks = [
    twilioMessage(api, { From: aNumber(), Body: "STOP" }).post,
    whatsappWebhook(api, { statuses: [status] }),
    whatsappWebhook(api, whatsappText(aNumber(), "STOP")),
  ];
  wire.cut();
  for (const post of callbacks) {
    const answer = await post();
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "5"]);
  }

  const again = await openDatabaseAt(port);
  for (const post of callbacks) expect((await post()).status).toBe(200);
  expect(await countStored(api, marker)).toBe(1);
  await api.close();
  again.cut();
});

test("while a secret is changed, callbacks signed with either are believed, and with no third (S50)", async () => {
  const api = await givenApi({ TWILIO_AUTH_TOKEN_OLD: "old-token", WHATSAPP_APP_SECRET_OLD: "old-secret" });
  const sms = (secret?: string) =>
    twilioMessage(api, { From: aNumber(), Body: "hi", ...(secret && { secret }) }).post();
  const whatsapp = (secret?: string) => whatsappWebhook(api, { statuses: [] }, secret ? { secret } : {})();
  const answers = [await sms(), await sms("old-token"), await sms("third")];
  const others = [await whatsapp(), await whatsapp("old-secret"), await whatsapp("third")];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 403]);
  expect(others.map(({ status }) => status)).toEqual([200, 200, 403]);
  await api.close();
});
