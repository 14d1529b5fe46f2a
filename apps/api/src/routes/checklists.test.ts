import { afterAll, beforeAll, expect, test } from "vitest";
import { type GivenApi, type GivenFirm, aReminder, givenApi } from "../given-api.ts";
import { givenChecklist } from "../given-checklist.ts";
import { formOf } from "../given-form.ts";

let api: GivenApi;
let firm: GivenFirm;
beforeAll(async () => {
  api = await givenApi();
  firm = await api.firm();
});
afterAll(() => api.close());

const given = (labels: readonly string[], input?: Readonly<Record<string, unknown>>) =>
  givenChecklist({ api, firm }, labels, input);

test("every client on a reminder gets a list of their own, which staff add to, rename and waive (G2)", async () => {
  const asked = await given(["Bank statement", "Payroll"]);
  const [first, second] = await asked.items();
  expect([first, second]).toMatchObject([
    { label: "Bank statement", state: "missing", documents: [] },
    { label: "Payroll", state: "missing" },
  ]);
  const added = await firm.post(asked.list, { labels: ["Receipts"] });
  expect([added.status, added.body.items.length]).toEqual([201, 3]);
  await asked.judge(first!.id, { label: "Bank statement of March" });
  await asked.judge(second!.id, { state: "waived" });
  expect((await asked.items()).map(({ label, state }) => [label, state])).toEqual([
    ["Bank statement of March", "missing"],
    ["Payroll", "waived"],
    ["Receipts", "missing"],
  ]);
  const other = await firm.client();
  const { body } = await firm.post(`/v1/reminders/${asked.reminderId}/assignments`, {
    assignments: [{ clientId: other }],
  });
  const theirs = await firm.get(`/v1/reminders/${asked.reminderId}/assignments/${body.items[0].id}/checklist`);
  expect(theirs.body.items.map((item: { label: string }) => item.label)).toEqual(["Bank statement", "Payroll"]);
});

test("when all is in, or needed no more, the chase ends, and staff have one task to look at what came (B2, G3)", async () => {
  const asked = await given(["Bank statement", "Payroll", "Receipts"]);
  const [bank, payroll, receipts] = await asked.items();
  expect((await asked.send(bank!.id)).status).toBe(303);
  expect((await asked.send(payroll!.id)).status).toBe(303);
  expect(await asked.assignment()).toMatchObject({ state: "open" });
  await asked.judge(receipts!.id, { state: "waived" });
  expect(await asked.assignment()).toMatchObject({ state: "done", closedBecause: "received" });
  expect(await asked.tasks()).toMatchObject([{ kind: "document_review", state: "open", count: 2 }]);

  await asked.judge(bank!.id, { state: "accepted" });
  expect(await asked.tasks()).toMatchObject([{ state: "open" }]);
  await asked.judge(payroll!.id, { state: "accepted" });
  expect(await asked.tasks()).toMatchObject([{ state: "closed" }]);
  expect(await asked.assignment()).toMatchObject({ state: "done" });
});

test("rejecting with a reason begins the chase once more, and tells the client why (G3)", async () => {
  const asked = await given(["Bank statement"]);
  const [bank] = await asked.items();
  await asked.send(bank!.id);
  expect(await asked.assignment()).toMatchObject({ state: "done" });

  const rejected = await asked.judge(bank!.id, { state: "rejected", reason: "Page 2 is missing" });
  expect(rejected.body).toMatchObject({ state: "rejected", reason: "Page 2 is missing" });
  expect(await asked.assignment()).toMatchObject({ state: "open", closedBecause: null });
  const { text } = await api.call("GET", asked.page);
  expect(text).toContain("Please send it again: Page 2 is missing");

  await asked.send(bank!.id);
  expect(await asked.items()).toMatchObject([{ state: "received", reason: null }]);
  expect(await asked.assignment()).toMatchObject({ state: "done", closedBecause: "received" });
});

test("the same file sent again after it was rejected is received again, and kept once (G3)", async () => {
  const asked = await given(["Bank statement"]);
  const [bank] = await asked.items();
  await asked.send(bank!.id, "the figures");
  await asked.judge(bank!.id, { state: "rejected", reason: "Not signed" });
  await asked.send(bank!.id, "the figures");
  const [item] = await asked.items();
  expect([item?.state, item?.documents.length]).toEqual(["received", 1]);
});

test("two files for one item at once are both kept, and the chase ends once (G3)", async () => {
  const asked = await given(["Bank statement"]);
  const [bank] = await asked.items();
  const both = await Promise.all([asked.send(bank!.id), asked.send(bank!.id)]);
  expect(both.map(({ status }) => status)).toEqual([303, 303]);
  const [item] = await asked.items();
  expect([item?.state, item?.documents.length]).toEqual(["received", 2]);
  expect(await asked.assignment()).toMatchObject({ state: "done", closedBecause: "received" });
});

test("what cannot be decided is refused with the reason (G3)", async () => {
  const asked = await given(["Bank statement", "Payroll"]);
  const [bank] = await asked.items();
  const statusOf = async (change: object) => (await asked.judge(bank!.id, change)).status;
  expect(await statusOf({ state: "rejected", reason: "It is not there" })).toBe(409);
  await asked.send(bank!.id);
  expect(await statusOf({ state: "rejected" })).toBe(422);
  expect(await statusOf({ state: "accepted", reason: "Fine" })).toBe(422);
  expect(await statusOf({ state: "received" })).toBe(422);
  await firm.post(asked.list.replace(/checklist$/, "done"), { because: "done" });
  expect(await statusOf({ state: "rejected", reason: "Page 2 is missing" })).toBe(409);
});

test("a list belongs to reminders that stop when all was received, has 50 lines at most, and none twice (G2)", async () => {
  const create = (input: object) => firm.post("/v1/reminders", aReminder({ type: "document", ...input }));
  const fieldOf = async (input: object) => (await create(input)).body.errors?.[0]?.field as string | undefined;
  expect(await fieldOf({ checklist: ["A"], stopRule: "done" })).toBe("checklist");
  expect(await fieldOf({ checklist: ["A", "a"] })).toBe("checklist");
  expect(await fieldOf({ checklist: Array.from({ length: 51 }, (_, at) => `Item ${at}`) })).toBe("checklist");
  expect(await fieldOf({ checklist: [] })).toBe("checklist");
  expect(await fieldOf({ body: "Send {{ missing }}" })).toBe("checklist");
  expect((await create({ body: "Send {{ missing | default: 'it' }}" })).status).toBe(201);
  expect((await create({ checklist: ["A"], body: "Send {{ missing }}" })).status).toBe(201);
});

test("staff store what a client sent them some other way for its line of the list (G3)", async () => {
  const asked = await given(["Bank statement"]);
  const [bank] = await asked.items();
  const path = `/v1/clients/${asked.clientId}/documents`;
  const file = { name: "statement.txt", content: "by post" };
  const store = (fields: Readonly<Record<string, string>>) => firm.post(path, formOf([file], fields));
  expect((await store({ itemId: bank!.id, direction: "to_client" })).status).toBe(422);
  expect((await store({ itemId: asked.clientId, direction: "from_client" })).status).toBe(404);
  const other = await given(["Payroll"]);
  const [foreign] = await other.items();
  expect((await store({ itemId: foreign!.id, direction: "from_client" })).status).toBe(404);
  expect((await store({ itemId: bank!.id, direction: "from_client" })).status).toBe(201);
  expect(await asked.assignment()).toMatchObject({ state: "done", closedBecause: "received" });
  expect(await asked.tasks()).toEqual([]);
});
