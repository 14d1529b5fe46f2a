import { givenBankLine, importFile } from "@reminder-app/testing/given-import";
import { liveSystem } from "@reminder-app/testing/given-business";
import { actFor } from "@reminder-app/core/ctx";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GivenApi, type GivenFirm, givenApi } from "../given-api.ts";
import { businessOf } from "../given-objects.ts";
import { exportRoutes } from "./exports.ts";

let api: GivenApi;
let firm: GivenFirm;
let reminderId: string;
beforeAll(async () => {
  api = await givenApi();
  firm = await api.firm();
  const clientId = await firm.client({ name: "=Hill" });
  reminderId = await firm.reminder();
  await firm.post(`/v1/reminders/${reminderId}/assignments`, { assignments: [{ clientId }] });
  const { body } = await firm.get(`/v1/reminders/${reminderId}/assignments`);
  const hold = { reason: "dispute", note: "@call them" };
  await firm.post(`/v1/reminders/${reminderId}/send`, { clientIds: [clientId] });
  await firm.post(`/v1/reminders/${reminderId}/assignments/${body.items[0].id}/hold`, hold);
  const items = [{ description: "Work", amount: 100 }];
  await firm.post("/v1/payment-requests", { clientId, title: "Fee", currency: "GBP", items });
  await firm.post("/v1/payments", { clientId, amount: 40, currency: "GBP" });
  await givenBankLine(await businessOf(firm));
});
afterAll(() => api.close());

const linesOf = (text: string) => text.trimEnd().split("\r\n");

test.each([
  ["/v1/clients/export", "clients.csv", /^'=Hill,.*Ada Hill,primary,ada\./],
  ["/v1/deliveries/export", "messages.csv", /,'=Hill,email,/],
  ["/v1/reminders/:reminderId/assignments/export", "assignments.csv", /^'=Hill,.*,open,.*dispute,.*'@call them/],
  ["/v1/holds/export", "holds.csv", /^'=Hill,.*dispute/],
  ["/v1/payment-requests/export", "payment-requests.csv", /,Fee,'=Hill,GBP,100,40,/],
  ["/v1/payments/export", "payments.csv", /,'=Hill,manual,GBP,40,/],
  ["/v1/bank-lines/export", "bank-lines.csv", /^2026-01-31,GBP,100,/],
])(
  "%s tells as a CSV file %s what the list tells, and runs nothing in a spreadsheet (S35, K1)",
  async (path, name, row) => {
    const { status, text, headers } = await firm.get(path.replace(":reminderId", reminderId));
    expect([status, headers.get("content-disposition")]).toEqual([200, `attachment; filename=${name}`]);
    const [heading, ...rows] = linesOf(text);
    expect(heading).toMatch(/(?:^|,)id(?:,|$)/);
    expect(rows).toEqual([expect.stringMatching(row)]);
  },
);

test("every list that is exported has its heading also where it is empty (S35)", async () => {
  const empty = await api.firm();
  const own = await empty.reminder();
  for (const { path } of exportRoutes) {
    const { status, text } = await empty.get(path.replace(":reminderId", own));
    expect([path, status, linesOf(text)]).toEqual([path, 200, [expect.stringMatching(/,/)]]);
  }
});

test("an export has the list's filters, and no page (F2)", async () => {
  const names = async (query: string) => linesOf((await firm.get(`/v1/clients/export?${query}`)).text).length - 1;
  expect([await names("search=hill"), await names("search=dale")]).toEqual([1, 0]);
  expect((await firm.get("/v1/clients/export?limit=5")).status).toBe(422);
});

test("clients that are exported can be imported again, and nothing changes; none is left out of many (F3)", async () => {
  const own = await api.firm();
  const ctx = actFor(liveSystem, (await businessOf(own)) as never, "test");
  const rows = Array.from(
    { length: 1_100 },
    (_, at) => `=Client ${at},C-${at},c${at}@firms.example,GB,vat|=x,2,documents`,
  );
  await importFile({ ctx }, `name,code,email,country,tags,vat stagger,roles\n${rows.join("\n")}\n`);
  const { text } = await own.get("/v1/clients/export");
  expect(linesOf(text)).toHaveLength(1_101);
  const again = await importFile({ ctx }, text);
  expect(again).toMatchObject({ created: 0, changed: 0, unchanged: 1_100, refused: 0 });
});
