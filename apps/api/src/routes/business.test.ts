import { afterAll, beforeAll, expect, test } from "vitest";
import { type GivenApi, givenApi } from "../given-api.ts";

let api: GivenApi;
beforeAll(async () => {
  api = await givenApi();
});
afterAll(() => api.close());

test("a firm's profile is read and changed, field by field (F1)", async () => {
  const firm = await api.firm();
  const before = (await firm.get("/v1/business")).body;
  expect(before).toMatchObject({
    name: "Ledger & Sons",
    timeZone: "Europe/London",
    status: "active",
    quietHours: null,
  });
  const change = {
    timeZone: "Europe/Madrid",
    locale: "es-ES",
    defaultChannels: ["sms", "email"],
    postalAddress: "1 Harbour Lane\nLondon",
    quietHours: { start: "20:00", end: "08:00" },
  };
  const changed = await firm.patch("/v1/business", change);
  expect([changed.status, changed.body]).toEqual([200, { ...before, ...change, updatedAt: changed.body.updatedAt }]);
  expect((await firm.patch("/v1/business", { quietHours: null })).body.quietHours).toBeNull();
  expect((await firm.get("/v1/business")).body).toMatchObject({ timeZone: "Europe/Madrid", quietHours: null });
});

test.each([
  ["timeZone", "Europe/Lundon"],
  ["locale", "not a language"],
  ["defaultChannels", []],
  ["status", "suspended"],
])("a profile's %s cannot be %j (F1)", async (field, value) => {
  const { status, body } = await (await api.firm()).patch("/v1/business", { [field]: value });
  expect([status, body.errors[0].field]).toEqual([422, field]);
});
