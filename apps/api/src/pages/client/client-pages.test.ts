import { afterAll, beforeAll, expect, test } from "vitest";
import { type GivenApi, type GivenFirm, givenApi } from "../../given-api.ts";

let api: GivenApi;
let firm: GivenFirm;
beforeAll(async () => {
  api = await givenApi();
  firm = await api.firm();
});
afterAll(() => api.close());

const form = { "content-type": "application/x-www-form-urlencoded" };
const post = (path: string, fields: Readonly<Record<string, string>> = {}) =>
  api.call("POST", path, { body: new URLSearchParams(fields).toString(), headers: form });

/** A client with a link to their page, and what is asked of them. */
async function givenPage(input: object = {}, assignment: object = {}) {
  const clientId = await firm.client();
  const reminderId = await firm.reminder(input);
  const assigned = await firm.post(`/v1/reminders/${reminderId}/assignments`, {
    assignments: [{ clientId, ...assignment }],
  });
  const assignmentId: string = assigned.body.items[0].id;
  const client = (await firm.get(`/v1/clients/${clientId}`)).body;
  const contactId: string = client.contacts[0].id;
  const made = (await firm.post(`/v1/clients/${clientId}/links`, { contactId })).body;
  const path = new URL(made.url as string).pathname;
  return {
    clientId,
    reminderId,
    assignmentId,
    contactId,
    email: client.contacts[0].addresses.email as string,
    linkId: made.id as string,
    path,
    answers: `${path}/answers/${assignmentId}`,
    assignment: async () => {
      const { body } = await firm.get(`/v1/reminders/${reminderId}/assignments`);
      return body.items[0];
    },
    tasks: async () =>
      (await firm.get(`/v1/tasks?clientId=${clientId}`)).body.items as { kind: string; count: number }[],
    visits: async () => {
      const { body } = await firm.get(`/v1/clients/${clientId}/links/${made.id}/visits?limit=100`);
      return (body.items as { use: string }[]).map(({ use }) => use);
    },
  };
}

test("one link opens all that is asked of a client, in their own page (I1, S26)", async () => {
  const page = await givenPage({ name: "VAT <return>" }, { period: "2027-Q1" });
  const { status, text, headers } = await api.call("GET", page.path);
  expect(status).toBe(200);
  expect(text).toContain("VAT &lt;return&gt;");
  expect(text).toContain("2027-Q1");
  expect(text).not.toMatch(/<script|\son\w+=|\sstyle=/i);
  expect(Object.fromEntries(headers)).toMatchObject({
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex",
    "x-frame-options": "DENY",
  });
});

test("fifty scanners that open a link change nothing but its access log (G4, S26)", async () => {
  const page = await givenPage();
  const before = await page.assignment();
  const opened = await Promise.all(Array.from({ length: 50 }, (_, at) => api.call(at % 2 ? "GET" : "HEAD", page.path)));
  expect(new Set(opened.map(({ status }) => status))).toEqual(new Set([200]));
  expect(await page.assignment()).toEqual(before);
  expect(await page.visits()).toEqual(Array.from({ length: 50 }, () => "opened"));
});

test("done closes what is asked, once, and the firm sees that the client said so (I2, B2)", async () => {
  const page = await givenPage();
  const first = await post(page.answers, { answer: "done" });
  expect([first.status, first.headers.get("location")]).toEqual([303, `${page.path}?told=done`]);
  expect((await post(page.answers, { answer: "done" })).status).toBe(303);
  expect(await page.assignment()).toMatchObject({ state: "done", closedBecause: "done" });
  const { text } = await api.call("GET", `${page.path}?told=done`);
  expect(text).toContain("It is noted as done");
  const { body } = await firm.get("/v1/audit?limit=20");
  const trail = (body.items as { action: string; entityId: string; details: object }[]).filter(
    ({ action, entityId }) => action === "assignment.answered" && entityId === page.assignmentId,
  );
  expect(trail).toMatchObject([{ details: { answer: "done", linkId: page.linkId } }]);
});
