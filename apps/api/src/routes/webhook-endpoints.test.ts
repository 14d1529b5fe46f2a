import { afterAll, beforeAll, expect, test } from "vitest";
import { type GivenApi, givenApi } from "../given-api.ts";
import { aKey } from "../given-objects.ts";

let api: GivenApi;
beforeAll(async () => {
  api = await givenApi();
});
afterAll(() => api.close());

const all = "/v1/webhook-endpoints";
const url = "https://firm.example/hooks?key=path-secret";

test("an endpoint's secret is shown once, at its making and at a rotation, and never again (J10, S22)", async () => {
  const firm = await api.firm();
  const made = await firm.post(all, { url, events: ["delivery.failed"] });
  expect([made.status, made.body.state, made.body.events]).toEqual([201, "active", ["delivery.failed"]]);
  expect(made.body.secret).toMatch(/^whsec_[\w-]{43}$/);
  const one = `${all}/${made.body.id}`;
  const rotated = await firm.post(`${one}/rotate-secret`);
  expect(rotated.body.secret).not.toBe(made.body.secret);
  const later = [await firm.get(all), await firm.get(one), await firm.patch(one, { description: "Dashboard" })];
  const trail = await firm.get("/v1/audit");
  for (const { text } of [...later, trail]) {
    expect(text).not.toContain(made.body.secret);
    expect(text).not.toContain(rotated.body.secret);
  }
  expect(trail.text).not.toContain("path-secret");
  expect(trail.body.items.slice(0, 3).map(({ action }: { action: string }) => action)).toEqual([
    "webhook_endpoint.changed",
    "webhook_endpoint.secret_rotated",
    "webhook_endpoint.created",
  ]);
});

test("only https to the public internet is taken, and only events that there are (S40)", async () => {
  const firm = await api.firm();
  const refused = async (body: object) => {
    const { status, body: problem } = await firm.post(all, body);
    return [status, problem.errors?.[0].field];
  };
  const wrong = ["http://firm.example", "https://127.0.0.1/", "https://[::1]/", "https://169.254.169.254/", "x"];
  for (const address of wrong) expect(await refused({ url: address })).toEqual([422, "url"]);
  expect(await refused({ url, events: ["delivery.exploded"] })).toEqual([422, "events.0"]);
  expect(await refused({ url, secret: "whsec_mine" })).toEqual([422, "secret"]);
  const { body } = await firm.post(all, { url });
  expect((await firm.patch(`${all}/${body.id}`, { url: "http://10.0.0.1/" })).status).toBe(422);
});

test("a ping and what was told stand in the log, and can be replayed once they are settled (J10)", async () => {
  const firm = await api.firm();
  const { body: made } = await firm.post(all, { url });
  const one = `${all}/${made.id}`;
  const ping = await firm.post(`${one}/test`, undefined, { "idempotency-key": "p-1" });
  const again = await firm.post(`${one}/test`, undefined, { "idempotency-key": "p-1" });
  expect([ping.status, ping.body.event.type, again.body.id]).toEqual([202, "ping", ping.body.id]);
  const log = await firm.get(`${one}/calls?state=waiting`);
  expect(log.body.items).toMatchObject([{ id: ping.body.id, round: 0, state: "waiting", tries: 0, tried: [] }]);
  expect((await firm.post(`${one}/calls/${ping.body.id}/replay`)).status).toBe(409);
  expect((await firm.delete(one)).status).toBe(204);
  expect((await firm.get(`${one}/calls`)).status).toBe(404);
});

test("a business has a hundred endpoints at most (S28)", async () => {
  const firm = await api.firm();
  const answers = await Promise.all(Array.from({ length: 103 }, () => firm.post(all, { url })));
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(100);
  expect(answers.filter(({ status }) => status === 409)).toHaveLength(3);
});

test("a program with the scope sees to endpoints, one without it does not (S24)", async () => {
  const firm = await api.firm();
  await firm.verify();
  const keyWith = async (...scopes: string[]) => (await firm.post("/v1/api-keys", aKey({ scopes }))).body.key as string;
  const [reader, writer] = [await keyWith("webhooks:read"), await keyWith("webhooks:write")];
  expect((await api.call("POST", all, { token: writer, body: { url } })).status).toBe(201);
  expect((await api.call("POST", all, { token: reader, body: { url } })).status).toBe(403);
  expect((await api.call("GET", all, { token: reader })).body.items).toHaveLength(1);
});

test("every type of event is documented with what it says (J10)", async () => {
  const { body } = await api.call("GET", "/openapi.json");
  const failed = body.webhooks["delivery.failed"].post;
  expect(Object.keys(failed.requestBody.content["application/json"].schema.properties.data.properties)).toContain(
    "state",
  );
  const taken = body.paths["/v1/webhook-endpoints"].post.requestBody.content["application/json"].schema;
  expect(taken.properties.events.items.enum.toSorted()).toEqual(Object.keys(body.webhooks).toSorted());
});
