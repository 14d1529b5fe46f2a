import { afterAll, beforeAll, expect, test } from "vitest";
import { type GivenApi, givenApi } from "../given-api.ts";

let api: GivenApi;
beforeAll(async () => {
  api = await givenApi();
});
afterAll(() => api.close());

test("an admin reads who changed what, from what, to what, in which request (S67)", async () => {
  const firm = await api.firm();
  const reminderId = await firm.reminder({ name: "VAT" });
  const changed = await firm.patch(`/v1/reminders/${reminderId}`, { name: "VAT return" });

  const { body } = await firm.get(`/v1/audit?entityId=${reminderId}`);
  expect(body.items.map(({ action }: { action: string }) => action)).toEqual(["reminder.changed", "reminder.created"]);
  expect(body.items[0]).toMatchObject({
    actor: expect.stringMatching(/^member:[0-9a-f-]{36}$/),
    entityId: reminderId,
    details: { changes: { name: { before: "VAT", after: "VAT return" } } },
    requestId: changed.headers.get("x-request-id"),
  });
});

test("the trail names clients by their ids alone, so that one can be erased and the trail stays (S66, S67)", async () => {
  const firm = await api.firm();
  const clientId = await firm.client({ name: "Hill Ltd", externalId: "H-1" });
  await firm.patch(`/v1/clients/${clientId}`, { name: "Hill & Co Ltd" });
  const { body, text } = await firm.get(`/v1/audit?entityId=${clientId}`);
  expect(body.items[0].details).toEqual({ changes: { name: { before: "[redacted]", after: "[redacted]" } } });
  expect(text).not.toMatch(/Hill|H-1/);
});

test("the trail is paged and filtered by action, actor and time (S67)", async () => {
  const firm = await api.firm();
  const ids = [await firm.client(), await firm.client(), await firm.client()];
  const named = ({ body }: { body: { items: { entityId: string }[] } }) => body.items.map(({ entityId }) => entityId);

  const first = await firm.get("/v1/audit?action=client.created&limit=2");
  expect(named(first)).toEqual([ids[2], ids[1]]);
  expect(named(await firm.get(`/v1/audit?action=client.created&cursor=${first.body.nextCursor}`))).toEqual([ids[0]]);

  const { actor, at } = first.body.items[0];
  expect(named(await firm.get(`/v1/audit?action=client.created&actor=${actor}`))).toHaveLength(3);
  expect(named(await firm.get("/v1/audit?actor=member:nobody"))).toEqual([]);
  expect(named(await firm.get(`/v1/audit?from=${at}&limit=1`))).toEqual([ids[2]]);
  expect(named(await firm.get(`/v1/audit?before=${at}&action=client.created`))).not.toContain(ids[2]);
  expect((await firm.get("/v1/audit?limit=101")).status).toBe(422);
});

test("the trail is exported as CSV, in which no name becomes a formula (S35, S67)", async () => {
  const firm = await api.firm();
  for (let made = 0; made < 3; made += 1) await firm.reminder({ name: '=HYPERLINK("http://evil.example")' });
  const { status, headers, text } = await firm.get("/v1/audit/export?action=reminder.created");
  expect(status).toBe(200);
  expect(headers.get("content-type")).toBe("text/csv; charset=utf-8");
  expect(headers.get("content-disposition")).toBe("attachment; filename=audit.csv");
  const [head, ...lines] = text.trimEnd().split("\r\n");
  expect(head).toBe("at,actor,action,entityId,details,requestId,seq,id");
  expect(lines).toHaveLength(3);
  expect(lines[0]).toContain('name: =HYPERLINK(""http://evil.example"")');
});

test("nobody sees another business's trail (S67)", async () => {
  const [firm, rival] = [await api.firm(), await api.firm()];
  const clientId = await firm.client();
  expect((await rival.get(`/v1/audit?entityId=${clientId}`)).body.items).toEqual([]);
  expect((await rival.get(`/v1/audit/export?entityId=${clientId}`)).text.trimEnd().split("\r\n")).toHaveLength(1);
});
