import { afterAll, beforeAll, expect, test } from "vitest";
import { type GivenApi, givenApi } from "../given-api.ts";

let api: GivenApi;
beforeAll(async () => {
  api = await givenApi();
});
afterAll(() => api.close());

test("reports answer as JSON, and line for line as CSV (K2, K4, K5)", async () => {
  const firm = await api.firm();
  const clientId = await firm.client({ name: "=HYPERLINK()" });
  const reminderId = await firm.reminder({ assignments: [{ clientId }] });
  await firm.post(`/v1/reminders/${reminderId}/send`, { clientIds: [clientId] });

  const { body } = await firm.get("/v1/reports/deliveries?by=template");
  expect(body).toMatchObject({ all: { total: 1 }, lines: [{ reminderId, stepId: null, total: 1 }] });
  const { text } = await firm.get("/v1/reports/deliveries/export?by=template");
  expect(text.split("\r\n")).toEqual([
    "day,channel,reminderId,stepId,state,reason,sentence,total,waiting,sent,delivered,bounced,failed,notSent",
    `,,${reminderId},,,,,1,1,0,0,0,0,0`,
    "",
  ]);
  for (const report of ["completions", "visits", "receivables", "payments", "late-clients"]) {
    expect((await firm.get(`/v1/reports/${report}`)).status).toBe(200);
    const exported = await firm.get(`/v1/reports/${report}/export`);
    expect([exported.status, exported.headers.get("content-type")]).toEqual([200, "text/csv; charset=utf-8"]);
  }
});

test("a period that cannot be, and a group that is not there, are refused with the field (K2)", async () => {
  const firm = await api.firm();
  const issue = async (query: string) => (await firm.get(`/v1/reports/deliveries?${query}`)).body.errors?.[0]?.field;
  expect(await issue("from=2027-03-02&to=2027-03-01")).toBe("from");
  expect(await issue("from=2027-02-30")).toBe("from");
  expect(await issue("by=moon")).toBe("by");
});
