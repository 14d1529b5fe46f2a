import { openDatabase } from "@reminder-app/db/database";
import { parseUuid } from "@reminder-app/platform/ids";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GivenApi, aReminder, givenApi } from "../given-api.ts";

let api: GivenApi;
let database: ReturnType<typeof openDatabase>;
beforeAll(async () => {
  api = await givenApi();
  database = openDatabase({ url: api.settings.DATABASE_URL, connections: 1 });
});
afterAll(() => Promise.all([api.close(), database.close()]));

const password = "correct-secret-x7k2";
const smtp = { host: "smtp.firm.example", user: "reminders", password, from: "office@firm.example" };
const put = (token: string, provider: string, body: object) =>
  api.call("PUT", `/v1/credentials/${provider}`, { token, body });

test("an account's secret is written and never shown, only its last four characters (S22)", async () => {
  const firm = await api.firm();
  const set = await put(firm.token, "smtp", smtp);
  expect(set.status).toBe(200);
  expect(set.body).toMatchObject({
    provider: "smtp",
    details: {
      host: "smtp.firm.example",
      port: "587",
      security: "starttls",
      user: "reminders",
      from: "office@firm.example",
    },
    secret: "…x7k2",
    webhookUrl: null,
  });
  const list = await firm.get("/v1/credentials");
  expect(list.body.items).toEqual([set.body]);
  const trail = await firm.get("/v1/audit?action=credential.set");
  expect(trail.body.items).toMatchObject([{ details: { provider: "smtp" } }]);
  for (const { text } of [set, list, trail]) expect(text).not.toContain(password);
  expect(trail.text).not.toContain("office@");
});

test("the secret is stored encrypted, for its row alone (S64)", async () => {
  const firm = await api.firm();
  await put(firm.token, "smtp", smtp);
  const { businessId } = (await firm.get("/v1/me")).body;
  const [rows] = await database.pool.query("select * from provider_credentials where business_id = ?", [
    parseUuid(businessId),
  ]);
  const [row] = rows as [{ secret: Buffer }];
  expect(row.secret[0]).toBe(1);
  expect(JSON.stringify(rows)).not.toContain(password);
  expect(row.secret.includes(password)).toBe(false);
});

test("an account is changed and removed, and each provider takes what is its own (S22)", async () => {
  const firm = await api.firm();
  const sid = `AC${"5".repeat(32)}`;
  const twilio = { accountSid: sid, authToken: "first-token-1111", from: "+442079460123" };
  await put(firm.token, "twilio", twilio);
  const { body } = await put(firm.token, "twilio", { ...twilio, authToken: "other-token-2222" });
  expect(body.secret).toBe("…2222");
  const { businessId } = (await firm.get("/v1/me")).body;
  expect(body.webhookUrl).toBe(`${api.settings.PUBLIC_URL}/webhooks/twilio/inbound/${businessId}`);

  const answers = [
    await put(firm.token, "smtp", twilio),
    await put(firm.token, "twilio", { ...twilio, businessId }),
    await put(firm.token, "twilio", { ...twilio, accountSid: "AC1" }),
    await put(firm.token, "smtp", { ...smtp, host: "smtp.firm.example\r\nHELO" }),
    await put(firm.token, "smtp", { ...smtp, password: "short" }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([422, 422, 422, 422, 422]);

  expect((await firm.delete("/v1/credentials/twilio")).status).toBe(204);
  expect((await firm.get("/v1/credentials")).body.items).toEqual([]);
  expect((await firm.delete("/v1/credentials/twilio")).status).toBe(204);
  expect((await firm.delete("/v1/credentials/carrier-pigeon")).status).toBe(404);
});

test("a business sees its own accounts only (S22)", async () => {
  const [firm, rival] = [await api.firm(), await api.firm()];
  await put(firm.token, "smtp", smtp);
  expect((await rival.get("/v1/credentials")).body.items).toEqual([]);
  expect((await rival.delete("/v1/credentials/smtp")).status).toBe(204);
  expect((await firm.get("/v1/credentials")).body.items).toHaveLength(1);
});

test("a channel that the installation does not have is there for a business with an account of its own (S22)", async () => {
  const without = await givenApi({ SMTP_URL: "", MAIL_FROM: "" });
  const firm = await without.firm();
  const refused = await firm.post("/v1/reminders", aReminder());
  expect([refused.status, refused.body.errors[0].message]).toEqual([422, "email is off: SMTP_URL is not set"]);
  await without.call("PUT", "/v1/credentials/smtp", { token: firm.token, body: smtp });
  expect((await firm.post("/v1/reminders", aReminder())).status).toBe(201);
  await without.close();
});
