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
  ["holidayCalendar", "XX"],
  ["contactCap", {}],
  ["contactCap.perDay", { perDay: 0 }],
  ["dailyMessageAt", "25:00"],
])("a profile's %s cannot be %j (F1)", async (field, value) => {
  const { status, body } = await (await api.firm()).patch("/v1/business", { [field.split(".")[0]!]: value });
  expect([status, body.errors[0].field]).toEqual([422, field]);
});

const office = { mon: [{ from: "09:00", to: "17:00" }] };
const times = {
  quietHours: { start: "20:00", end: "08:00" },
  sendWindows: { sms: office, whatsapp: office },
  holidayCalendar: "GB-ENG",
  contactCap: { perDay: 1, perWeek: 3 },
  dailyMessageAt: "09:30",
};

test("when messages go and how many is set by a firm, and taken back with null (A8, A9, C12, C13)", async () => {
  const firm = await api.firm();
  expect((await firm.patch("/v1/business", times)).body).toMatchObject(times);
  const none = Object.fromEntries(Object.keys(times).map((field) => [field, null]));
  expect((await firm.patch("/v1/business", none)).body).toMatchObject(none);
  expect((await firm.get("/v1/business")).body).toMatchObject(none);
});

test("quiet hours and windows that together leave a channel shut are refused, whichever comes last (A8)", async () => {
  const night = { sms: { mon: [{ from: "21:00", to: "23:00" }] } };
  const quietHours = { start: "20:00", end: "08:00" };
  const windowsLast = await api.firm();
  expect((await windowsLast.patch("/v1/business", { quietHours })).status).toBe(200);
  const refused = await windowsLast.patch("/v1/business", { sendWindows: night });
  expect([refused.status, refused.body.errors[0].field]).toEqual([422, "sendWindows.sms"]);
  const quietLast = await api.firm();
  expect((await quietLast.patch("/v1/business", { sendWindows: night })).status).toBe(200);
  const alsoRefused = await quietLast.patch("/v1/business", { quietHours });
  expect([alsoRefused.status, alsoRefused.body.errors[0].field]).toEqual([422, "quietHours"]);
  expect((await quietLast.patch("/v1/business", { quietHours: { start: "23:00", end: "08:00" } })).status).toBe(200);
});

test("a reminder tells its priority, which is normal unless it is set (C12)", async () => {
  const firm = await api.firm();
  const [plain, urgent] = [await firm.reminder(), await firm.reminder({ priority: "high" })];
  expect((await firm.get(`/v1/reminders/${plain}`)).body.priority).toBe("normal");
  expect((await firm.get(`/v1/reminders/${urgent}`)).body.priority).toBe("high");
  expect((await firm.patch(`/v1/reminders/${urgent}`, { priority: "low" })).body.priority).toBe("low");
  const { body } = await firm.get("/v1/reminders");
  expect(body.items.map(({ priority }: { priority: string }) => priority)).toEqual(["low", "normal"]);
});
