import { randomUUID } from "node:crypto";
import { snapshotOf } from "@reminder-app/testing/given-rows";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { type GivenApi, type GivenFirm, aReminder, givenApi } from "../given-api.ts";
import { businessOf, fill, makeObjects } from "../given-objects.ts";
import { shapeOf } from "../given-policy.ts";
import { endpoints } from "./all.ts";

let api: GivenApi;
let firm: GivenFirm;
let rival: GivenFirm;
beforeAll(async () => {
  api = await givenApi();
  [firm, rival] = await Promise.all([api.firm(), api.firm()]);
});
afterAll(() => api.close());

type Parameter =
  | "clientId"
  | "memberId"
  | "reminderId"
  | "assignmentId"
  | "contactId"
  | "businessId"
  | "paymentRequestId";
interface Reference {
  /** What is named, by the path parameter that would name it. */
  readonly to: Parameter;
  readonly body: (id: string) => object;
  /** What makes the firm's own one differ from none. */
  readonly prepare?: (id: string, made: Readonly<Record<string, string>>) => Promise<unknown>;
}

/** Every body that names things by id, and how. Each new one has a line here. */
const references: Readonly<Record<string, Reference>> = {
  login: {
    to: "businessId",
    body: (businessId) => ({ email: firm.email, password: "correct horse battery", businessId }),
  },
  switchBusiness: { to: "businessId", body: (businessId) => ({ businessId }) },
  assignClients: { to: "clientId", body: (clientId) => ({ assignments: [{ clientId }] }) },
  createReminder: { to: "clientId", body: (clientId) => aReminder({ assignments: [{ clientId }] }) },
  sendReminder: {
    to: "clientId",
    body: (clientId) => ({ clientIds: [clientId] }),
    prepare: (clientId, { reminderId }) =>
      firm.post(`/v1/reminders/${reminderId}/assignments`, { assignments: [{ clientId }] }),
  },
  decideSends: {
    to: "assignmentId",
    body: (assignmentId) => ({ sends: [{ assignmentId, slotKey: "O:1" }], decision: "hold" }),
  },
  mergeClient: { to: "clientId", body: (from) => ({ from }) },
  createTagRule: { to: "reminderId", body: (reminderId) => ({ tag: "VAT", reminderId }) },
  makeLink: {
    to: "contactId",
    body: (contactId) => ({ contactId }),
  },
  createPaymentRequest: {
    to: "clientId",
    body: (clientId) => ({ clientId, title: "Fee", items: [{ description: "Fee", amount: 100 }], currency: "GBP" }),
  },
  recordPayment: { to: "clientId", body: (clientId) => ({ clientId, amount: 100, currency: "GBP" }) },
  useCredit: { to: "paymentRequestId", body: (paymentRequestId) => ({ parts: [{ paymentRequestId, amount: 1 }] }) },
  makeDocumentLink: {
    to: "contactId",
    body: (contactId) => ({ contactId }),
  },
  matchBankLine: { to: "paymentRequestId", body: (paymentRequestId) => ({ paymentRequestId }) },
  holdAssignment: { to: "memberId", body: (ownerId) => ({ reason: "dispute", ownerId }) },
  setClientStaff: { to: "memberId", body: (memberId) => ({ memberIds: [memberId] }) },
};

const naming = endpoints.filter(
  ({ body }) => body && hasId(z.toJSONSchema(body, { io: "input", unrepresentable: "any" })),
);

function hasId(schema: object): boolean {
  return /"format":"uuid"/.test(JSON.stringify(schema));
}

/** What has to be there before a thing can be made. */
const under: Readonly<Partial<Record<Parameter, string>>> = { assignmentId: "/:reminderId", contactId: "/:clientId" };

async function idOf(owner: GivenFirm, to: Parameter): Promise<string> {
  if (to === "businessId") return businessOf(owner);
  const path = `${under[to] ?? ""}/:${to}`;
  const made = await makeObjects({ path }, { firm: owner, caller: owner, staff: [] });
  return made[to] ?? "";
}

test("every body that names things by id is listed here (S21)", () => {
  expect(naming.map(({ operationId }) => operationId).toSorted()).toEqual(Object.keys(references).toSorted());
});

test.each(naming.map((endpoint) => [endpoint.operationId, endpoint] as const))(
  "%s answers a body that names what is another firm's as one that names nothing, and changes nothing (S20, S21)",
  async (operationId, endpoint) => {
    const { to, body, prepare } = references[operationId]!;
    const made = await makeObjects(endpoint, { firm, caller: firm, staff: [] });
    const [own, foreign] = [await idOf(firm, to), await idOf(rival, to)];
    const rivals = await businessOf(rival);
    const before = await snapshotOf(rivals);
    const ask = (id: string) =>
      api.call(endpoint.method.toUpperCase(), fill(endpoint.path, made), { token: firm.token, body: body(id) });
    const [named, none] = [await ask(foreign), await ask(randomUUID())];
    expect(shapeOf(named)).toBe(shapeOf(none));
    expect(await snapshotOf(rivals)).toEqual(before);
    await prepare?.(own, made);
    expect(shapeOf(await ask(own))).not.toBe(shapeOf(none));
  },
);

const filtered = endpoints.flatMap(({ path, query }) =>
  Object.entries(query?.shape ?? {})
    .filter(
      ([name, schema]) =>
        name !== "cursor" && hasId(z.toJSONSchema(schema as z.ZodType, { io: "input", unrepresentable: "any" })),
    )
    .map(([name]) => [path, name] as const),
);

test.each(filtered)("%s finds nothing by a %s of another firm (S21)", async (path, name) => {
  await makeObjects(
    { path: "/:deliveryId/:taskId/:testMessageId/:paymentRequestId/:paymentId" },
    { firm, caller: firm, staff: [] },
  );
  const foreign = await idOf(rival, name === "entityId" ? "clientId" : (name as Parameter));
  const find = async (id: string) => shapeOf(await firm.get(`${path}?${name}=${id}`));
  expect(await find(foreign)).toBe(await find(randomUUID()));
  expect(shapeOf(await firm.get(path))).not.toBe(await find(foreign));
});
