import { afterAll, beforeAll, expect, test } from "vitest";
import { type GivenApi, type GivenFirm, givenApi } from "../given-api.ts";
import { givenChecklist } from "../given-checklist.ts";

let api: GivenApi;
beforeAll(async () => {
  api = await givenApi();
});
afterAll(() => api.close());

/** A test business, whose clock stands in 2030. */
async function givenTrial(): Promise<GivenFirm> {
  const firm = await api.firm();
  await firm.verify();
  const made = await firm.post("/v1/businesses", { name: "Trial", timeZone: "Europe/London", mode: "test" });
  const login = { email: firm.email, password: "correct horse battery", businessId: (made.body as { id: string }).id };
  const { body } = await api.call("POST", "/v1/auth/login", { body: login });
  const token = (body as { accessToken: string }).accessToken;
  const call = (method: string, path: string, sent?: unknown) => api.call(method, path, { token, body: sent });
  const trial: GivenFirm = {
    ...firm,
    get: (path) => call("GET", path),
    post: (path, sent) => call("POST", path, sent),
    patch: (path, sent) => call("PATCH", path, sent),
    client: async () => {
      const contacts = [{ name: "Ada Hill", addresses: { email: "ada@clients.example" } }];
      return (await call("POST", "/v1/clients", { name: "Hill Ltd", contacts })).body.id as string;
    },
    reminder: async (input) => {
      const reminder = { name: "Year end", channels: ["email"], subject: "Your year end", activate: true, ...input };
      return (await call("POST", "/v1/reminders", reminder)).body.id as string;
    },
  };
  await trial.post("/v1/test-clock/freeze", { at: "2030-01-01T00:00:00Z" });
  return trial;
}

const weekly = { kind: "recurring", start: "2030-01-07T09:00", zone: "Europe/London", rule: "FREQ=WEEKLY" };
const labels = ["Bank <statement>", "Payroll", "Receipts", "Loan contract", "Stock list"];

test("of five items three are in, so the reminder lists two; rejected ones come back with the reason (G2, G3)", async () => {
  const firm = await givenTrial();
  const asked = await givenChecklist({ api, firm }, labels, { schedule: weekly });
  const week = async () => {
    await firm.post("/v1/test-clock/advance", { by: { days: 7 } });
    const { body } = await firm.get("/v1/test-messages");
    return body.items as { text: string }[];
  };
  expect((await week())[0]?.text).toBe(`Please send:\n${labels.map((label) => `- ${label}`).join("\n")}\nThank you.`);

  const [bank, payroll, receipts, loan, stock] = await asked.items();
  for (const item of [payroll, receipts, loan]) expect((await asked.send(item!.id)).status).toBe(303);
  const [second] = await week();
  expect(second?.text).toBe("Please send:\n- Bank <statement>\n- Stock list\nThank you.");

  for (const item of [bank, stock]) await asked.send(item!.id);
  expect(await week()).toHaveLength(2);
  expect(await asked.assignment()).toMatchObject({ state: "done", closedBecause: "received" });

  await asked.judge(stock!.id, { state: "rejected", reason: "It is last year's" });
  const after = await week();
  expect(after).toHaveLength(3);
  expect(after[0]?.text).toBe("Please send:\n- Stock list: It is last year's\nThank you.");
});

test("rejecting begins a sequence once more, also after its due date (G3)", async () => {
  const firm = await givenTrial();
  const steps = [
    { id: "before", days: -7, time: "09:00" },
    { id: "after", days: 7, time: "09:00" },
  ];
  const schedule = { kind: "sequence", zone: "Europe/London", steps };
  const asked = await givenChecklist({ api, firm }, ["Bank statement"], { schedule, dueOn: "2030-01-31" });
  await firm.post("/v1/test-clock/advance", { to: "2030-01-25T00:00:00Z" });
  const [bank] = await asked.items();
  await asked.send(bank!.id);
  await firm.post("/v1/test-clock/advance", { to: "2030-02-01T00:00:00Z" });
  await asked.judge(bank!.id, { state: "rejected", reason: "Page 2 is missing" });
  await firm.post("/v1/test-clock/advance", { to: "2030-03-01T00:00:00Z" });
  const { body } = await firm.get("/v1/test-messages");
  expect((body.items as { sentAt: string }[]).map(({ sentAt }) => sentAt.slice(0, 10))).toEqual([
    "2030-02-07",
    "2030-01-24",
  ]);
});
