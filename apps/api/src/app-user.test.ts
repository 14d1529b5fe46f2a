import { givenAppUser } from "@reminder-app/testing/given-app-user";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GivenApi, givenApi } from "./given-api.ts";

let user: Awaited<ReturnType<typeof givenAppUser>>;
let api: GivenApi;
beforeAll(async () => {
  user = await givenAppUser();
  api = await givenApi({ DATABASE_URL: user.url });
});
afterAll(async () => {
  await api.close();
  await user.remove();
});

test("the API starts and works with a database user that may not touch the schema (S67)", async () => {
  const firm = await api.firm();
  const clientId = await firm.client();
  expect((await firm.patch(`/v1/clients/${clientId}`, { name: "Hill & Co" })).status).toBe(200);
  const reminderId = await firm.reminder({ assignments: [{ clientId }] });
  expect((await firm.post(`/v1/reminders/${reminderId}/send`, {})).status).toBe(202);
  expect((await firm.get("/v1/audit")).body.items.length).toBeGreaterThan(3);
});

test.each([
  "update audit_events set actor = 'member:nobody'",
  "delete from audit_events",
  "truncate table audit_events",
  "delete from audit_heads",
  "drop table audit_events",
  "alter table audit_events add column more int",
  "create table more (id int)",
  "create trigger t before insert on audit_events for each row set new.actor = 'x'",
])("that user is refused: %s (S67)", async (statement) => {
  await expect(user.run(statement)).rejects.toThrow(/denied/i);
});
