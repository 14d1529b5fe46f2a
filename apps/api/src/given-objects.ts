import { randomBytes, randomUUID } from "node:crypto";
import { givenBankLine } from "@reminder-app/testing/given-import";
import { keyScopeNames } from "@reminder-app/core/api-keys/key-scopes";
import { givenSettledCall } from "@reminder-app/testing/given-webhooks";
import { givenTask, givenTestMessage, holdDelivery } from "@reminder-app/testing/given-rows";
import { type GivenCaller, type GivenFirm, anAddress, password } from "./given-api.ts";
import type { Answer } from "./given-call.ts";
import type { Endpoint } from "./http/endpoint.ts";

/** Whose the objects are that are made. */
export interface Making {
  readonly firm: GivenFirm;
  /** Who will ask for them: sessions and the like are theirs. */
  readonly caller: Pick<GivenCaller, "get">;
  /** The members who work with the clients that are made. */
  readonly staff: readonly string[];
  /** What stands further left in the path, by the name that the path gives it. */
  readonly made: Readonly<Record<string, string>>;
}

type Made = Readonly<Record<string, string>>;
type Maker = (making: Making) => Promise<string>;

/** How to make what a path parameter names. Each new parameter has a line here. */
const makers: Readonly<Record<string, Maker>> = {
  clientId: newClient,
  async contactId({ firm, made }) {
    const client = await firm.get(`/v1/clients/${made["clientId"]}`);
    return (client.body as { contacts: { id: string }[] }).contacts[0]?.id ?? "";
  },
  reminderId: ({ firm }) => firm.reminder(),
  assignmentId: async (making) => (await assign(making)).assignmentId,
  deliveryId: newHeldDelivery,
  async occurrenceId(making) {
    const delivery = await making.firm.get(`/v1/deliveries/${await newHeldDelivery(making)}`);
    return (delivery.body as { occurrenceId: string }).occurrenceId;
  },
  bankLineId: async ({ firm }) => givenBankLine(await businessOf(firm)),
  importId: async ({ firm }) => idOf(await importClients(firm)),
  importMappingId: async ({ firm }) => idOf(await firm.put("/v1/import-mappings", aMapping())),
  taskId: async (making) => givenTask(await businessOf(making.firm), await newClient(making)),
  testMessageId: async (making) => givenTestMessage(await businessOf(making.firm), await newHeldDelivery(making)),
  linkId: async ({ firm, made }) => idOf(await firm.post(`/v1/clients/${made["clientId"]}/links`, {})),
  paymentRequestId: newPaymentRequest,
  paymentId: newPayment,
  async documentId(making) {
    const clientId = making.made["clientId"] ?? (await newClient(making));
    const stored = requireStatus(await making.firm.post(`/v1/clients/${clientId}/documents`, anUpload()), 201);
    return (stored.body as { items: { id: string }[] }).items[0]?.id ?? "";
  },
  async itemId({ firm, made }) {
    const path = `/v1/reminders/${made["reminderId"]}/assignments/${made["assignmentId"]}/checklist`;
    const asked = requireStatus(await firm.post(path, { labels: ["Bank statement"] }), 201);
    return (asked.body as { items: { id: string }[] }).items[0]?.id ?? "";
  },
  keyId: async ({ firm }) => idOf(await firm.post("/v1/api-keys", aKey())),
  memberId: newMember,
  async sessionId({ caller }) {
    const sessions = await caller.get("/v1/me/sessions");
    return (sessions.body as { items: { id: string }[] }).items[0]?.id ?? "";
  },
  tagRuleId: async (making) => idOf(await making.firm.post("/v1/tag-rules", await aTagRule(making))),
  webhookEndpointId: async ({ firm }) =>
    idOf(await firm.post("/v1/webhook-endpoints", { url: "https://firm.example/hooks" })),
  webhookCallId: async ({ firm, made }) => givenSettledCall(await businessOf(firm), made["webhookEndpointId"] ?? ""),
  invitationId: async ({ firm }) => idOf(await firm.post("/v1/invitations", anInvitation())),
};

/** Names of path parameters that are about a client, so that they exist only for who works with it. */
export const ofClients: ReadonlySet<string> = new Set([
  "clientId",
  "contactId",
  "assignmentId",
  "deliveryId",
  "taskId",
  "linkId",
  "paymentRequestId",
  "paymentId",
  "documentId",
  "itemId",
]);

/** Make all that the path of an endpoint names. Rejects when nobody has said how. */
export async function makeObjects(
  { path, params = {} }: Pick<Endpoint, "path" | "params">,
  making: Omit<Making, "made">,
): Promise<Made> {
  let made: Made = {};
  for (const name of namesIn(path)) {
    const words = params[name]?.options;
    const value = words ? String(words[0]) : await makerOf(name)({ ...making, made });
    made = { ...made, [name]: value };
  }
  return made;
}

export const namesIn = (path: string): string[] => [...path.matchAll(/:(\w+)/g)].map(([, name = ""]) => name);

export const fill = (path: string, made: Made): string =>
  path.replaceAll(/:(\w+)/g, (_all, name: string) => made[name] ?? "");

function makerOf(name: string): Maker {
  const maker = Object.hasOwn(makers, name) ? makers[name] : undefined;
  if (!maker) throw new Error(`Nobody has said how to make a ${name}: add it to makers in given-objects.ts`);
  return maker;
}

type Body = (making: Making) => Promise<object> | object;

/** Bodies that cannot be the same each time, or have to name what is there. */
const bodies: Readonly<Record<string, Body>> = {
  createClient: () => ({ name: "Hill Ltd" }),
  assignClients: async (making) => ({ assignments: [{ clientId: await newClient(making) }] }),
  sendReminder: async (making) => ({ clientIds: [(await assign(making)).clientId] }),
  decideSends: async (making) => ({ sends: [await newSend(making)], decision: "hold" }),
  createTagRule: aTagRule,
  mergeClient: async (making) => ({ from: await newClient(making) }),
  decideDelivery: () => ({ decision: "cancel" }),
  createInvitation: anInvitation,
  createPaymentRequest: async (making) => aRequest(await newClient(making)),
  matchBankLine: async (making) => ({ paymentRequestId: await newPaymentRequest(making) }),
  recordPayment: async (making) => aPayment(await newClient(making)),
  useCredit: async ({ firm, made }) => {
    const payment = await firm.get(`/v1/payments/${made["paymentId"]}`);
    const { clientId } = payment.body as { clientId: string };
    const paymentRequestId = idOf(await firm.post("/v1/payment-requests", aRequest(clientId)));
    return { parts: [{ paymentRequestId, amount: 100 }] };
  },
  switchBusiness: async ({ firm }) => ({ businessId: await businessOf(firm) }),
  putPaymentAccount: () => ({ secretKey: `rk_test_${randomBytes(8).toString("hex")}` }),
  changePassword: () => ({ password }),
  changeEmail: () => ({ email: anAddress("changed") }),
};

/** A body that an endpoint takes: its own, its documented example, or an empty one. Rejects when none fits. */
export async function makeBody(endpoint: Endpoint, making: Making): Promise<unknown> {
  const { operationId, body, example } = endpoint;
  if (endpoint.form) return anUpload();
  if (endpoint.upload) return example;
  if (!body) return undefined;
  const made = Object.hasOwn(bodies, operationId) ? await bodies[operationId]?.(making) : (example ?? {});
  if (body.safeParse(made).success) return made;
  throw new Error(
    `${operationId} has no example, and nobody has said what to send: add it to bodies in given-objects.ts`,
  );
}

/** A file of one client, taken in to be checked. */
export function importClients(
  { post }: Pick<GivenFirm, "post">,
  text = "name\nHill Ltd\n",
  query = "",
): Promise<Answer> {
  return post(`/v1/imports${query}`, text, { "content-type": "text/csv" });
}

let mappings = 0;

function aMapping() {
  mappings += 1;
  return { kind: "clients", name: `Mapping ${mappings}`, mapping: { name: "Kunde" } };
}

async function newClient({ firm, staff }: Making): Promise<string> {
  const id = await firm.client();
  if (staff.length > 0) requireStatus(await firm.put(`/v1/clients/${id}/staff`, { memberIds: staff }), 200);
  return id;
}

async function assign(making: Making, fields = {}): Promise<{ assignmentId: string; clientId: string }> {
  const clientId = await newClient(making);
  const path = `/v1/reminders/${making.made["reminderId"]}/assignments`;
  const answer = requireStatus(await making.firm.post(path, { assignments: [{ clientId, ...fields }] }), 201);
  return { clientId, assignmentId: (answer.body as { items: { id: string }[] }).items[0]?.id ?? "" };
}

async function aTagRule({ firm }: Making) {
  return { tag: "VAT", reminderId: await firm.reminder() };
}

/** A send that is still to come: a client's next step. */
async function newSend(making: Making): Promise<{ assignmentId: string; slotKey: string }> {
  const schedule = { kind: "sequence", zone: "UTC", steps: [{ id: "t-7", days: -7, time: "09:00" }] };
  const reminderId = await making.firm.reminder({ schedule });
  const { assignmentId } = await assign({ ...making, made: { reminderId } }, { dueOn: "2090-01-31" });
  return { assignmentId, slotKey: `A:${assignmentId}:1:t-7` };
}

/** A delivery about which somebody has to decide. */
async function newHeldDelivery(making: Making): Promise<string> {
  const { firm } = making;
  const reminderId = await firm.reminder();
  const { clientId } = await assign({ ...making, made: { reminderId } });
  const sent = requireStatus(await firm.post(`/v1/reminders/${reminderId}/send`, { clientIds: [clientId] }), 202);
  const id = (sent.body as { clients: { deliveryIds: string[] }[] }).clients[0]?.deliveryIds[0] ?? "";
  await holdDelivery(id);
  return id;
}

const aRequest = (clientId: string) => ({
  clientId,
  title: "Invoice 12",
  items: [{ description: "VAT return", amount: 12_000 }],
  currency: "GBP",
});
const aPayment = (clientId: string) => ({ clientId, amount: 5_000, currency: "GBP" });

async function newPaymentRequest(making: Making): Promise<string> {
  return idOf(await making.firm.post("/v1/payment-requests", aRequest(await newClient(making))));
}

/** Money that is for nothing yet. */
async function newPayment(making: Making): Promise<string> {
  return idOf(await making.firm.post("/v1/payments", aPayment(await newClient(making))));
}

async function newMember({ firm }: Making): Promise<string> {
  await firm.verify();
  return (await firm.member("staff")).id;
}

export async function businessOf({ get }: Pick<GivenFirm, "get">): Promise<string> {
  return ((await get("/v1/me")).body as { businessId: string }).businessId;
}

export const aKey = (input: object = {}) => ({ name: "Import", role: "admin", scopes: keyScopeNames, ...input });

/** A form with a small file, whose content is its own. */
function anUpload(fields: Readonly<Record<string, string>> = {}): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", new Blob([`Figures ${randomUUID()}`], { type: "text/plain" }), "figures.txt");
  return form;
}

function anInvitation() {
  return { email: anAddress("invited"), role: "staff" };
}

function idOf(answer: Answer): string {
  return (requireStatus(answer, 201).body as { id: string }).id;
}

function requireStatus(answer: Answer, status: number): Answer {
  if (answer.status === status) return answer;
  throw new Error(`What a test needs could not be made: ${answer.status} ${answer.text}`);
}
