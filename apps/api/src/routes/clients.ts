import { archiveClient, restoreClient } from "@reminder-app/core/clients/archive-client";
import { ChangeClientInput, changeClient } from "@reminder-app/core/clients/change-client";
import { addContact, archiveContact, changeContact } from "@reminder-app/core/clients/change-contacts";
import { ContactChange, ContactInput } from "@reminder-app/core/clients/contact";
import { CreateClientInput, createClient } from "@reminder-app/core/clients/create-client";
import { getClient } from "@reminder-app/core/clients/get-client";
import { PageClientsQuery, pageClients } from "@reminder-app/core/clients/page-clients";
import { ClientStaffInput, getClientStaff, setClientStaff } from "@reminder-app/core/clients/set-client-staff";
import type { Id } from "@reminder-app/platform/ids";
import { endpoint } from "../http/endpoint.ts";
import { clientSchema, clientStaffSchema, clientSummarySchema, pageOf, stopSchema } from "../schemas.ts";
import { resetTimer } from "./reset-timer.ts";

const tag = "Clients";
const one = "/v1/clients/:clientId";
const contact = `${one}/contacts/:contactId`;
type Params = Readonly<Record<string, Id<never>>>;
const clientOf = (params: Params) => params["clientId"] as Id<"Client">;
const contactOf = (params: Params) => ({ clientId: clientOf(params), contactId: params["contactId"] as Id<"Contact"> });
const answer = { status: 200, schema: clientSchema };

export const clientRoutes = [
  endpoint({
    method: "post",
    path: "/v1/clients",
    operationId: "createClient",
    summary: "Create a client with its contacts",
    tag,
    access: "staff",
    scope: "clients:write",
    idempotent: true,
    body: CreateClientInput,
    example: {
      name: "Rosewood Bakery Ltd",
      externalId: "C-1042",
      contacts: [
        {
          name: "Ada Rosewood",
          addresses: { email: "ada@rosewood.example", sms: "+442079460101" },
          preferences: { any: ["email", "sms"] },
        },
      ],
    },
    answer: { status: 201, schema: clientSchema },
    async handle({ ctx, body }) {
      const client = await createClient(ctx, body);
      return { body: client, location: `/v1/clients/${client.id}` };
    },
  }),
  endpoint({
    method: "get",
    path: "/v1/clients",
    operationId: "listClients",
    summary: "Search clients",
    tag,
    access: "viewer",
    scope: "clients:read",
    query: PageClientsQuery,
    answer: { status: 200, schema: pageOf(clientSummarySchema) },
    handle: async ({ ctx, query }) => ({ body: await pageClients(ctx, query) }),
  }),
  endpoint({
    method: "get",
    path: one,
    operationId: "getClient",
    summary: "One client with its contacts",
    tag,
    access: "viewer",
    scope: "clients:read",
    answer,
    handle: async ({ ctx, params }) => ({ body: await getClient(ctx, clientOf(params)) }),
  }),
  endpoint({
    method: "patch",
    path: one,
    operationId: "changeClient",
    summary: "Change a client",
    tag,
    access: "staff",
    scope: "clients:write",
    body: ChangeClientInput,
    example: { name: "Rosewood Bakery & Café Ltd", timeZone: "Europe/Madrid", facts: { yearEnd: "03-31" } },
    answer,
    async handle({ ctx, params, body }) {
      const { redated, ...client } = await changeClient(ctx, clientOf(params), body);
      return {
        body: client,
        afterCommit: async (producer) => {
          for (const id of redated) await resetTimer(ctx, id)(producer);
        },
      };
    },
  }),
  endpoint({
    method: "post",
    path: `${one}/archive`,
    operationId: "archiveClient",
    summary: "Put a client away; nothing is sent to them any more",
    tag,
    access: "staff",
    scope: "clients:write",
    answer: { status: 200, schema: stopSchema },
    handle: async ({ ctx, params }) => ({ body: await archiveClient(ctx, clientOf(params)) }),
  }),
  endpoint({
    method: "post",
    path: `${one}/restore`,
    operationId: "restoreClient",
    summary: "Take an archived client back",
    tag,
    access: "staff",
    scope: "clients:write",
    answer,
    async handle({ ctx, params }) {
      await restoreClient(ctx, clientOf(params));
      return { body: await getClient(ctx, clientOf(params)) };
    },
  }),
  endpoint({
    method: "get",
    path: `${one}/staff`,
    operationId: "getClientStaff",
    summary: "Who works with a client",
    tag,
    access: "admin",
    scope: "members",
    answer: { status: 200, schema: clientStaffSchema },
    handle: async ({ ctx, params }) => ({ body: await getClientStaff(ctx, clientOf(params)) }),
  }),
  endpoint({
    method: "put",
    path: `${one}/staff`,
    operationId: "setClientStaff",
    summary: "Name who works with a client; members who are limited to some clients see theirs alone",
    tag,
    access: "admin",
    scope: "members",
    body: ClientStaffInput,
    example: { memberIds: [] },
    answer: { status: 200, schema: clientStaffSchema },
    handle: async ({ ctx, params, body }) => ({ body: await setClientStaff(ctx, clientOf(params), body) }),
  }),
  endpoint({
    method: "post",
    path: `${one}/contacts`,
    operationId: "addContact",
    summary: "Add a contact to a client",
    tag,
    access: "staff",
    scope: "clients:write",
    idempotent: true,
    body: ContactInput,
    example: { name: "Tom Rosewood", roles: ["billing"], addresses: { whatsapp: "+442079460102" } },
    answer: { status: 201, schema: clientSchema },
    handle: async ({ ctx, params, body }) => ({ body: await addContact(ctx, clientOf(params), body) }),
  }),
  endpoint({
    method: "patch",
    path: contact,
    operationId: "changeContact",
    summary: "Change a contact; an address of null is removed",
    tag,
    access: "staff",
    scope: "clients:write",
    body: ContactChange,
    example: { name: "Ada Rosewood", addresses: { email: "ada@rosewood.example", sms: null } },
    answer,
    handle: async ({ ctx, params, body }) => ({ body: await changeContact(ctx, contactOf(params), body) }),
  }),
  endpoint({
    method: "delete",
    path: contact,
    operationId: "archiveContact",
    summary: "Put a contact away; what is queued for them is cancelled",
    tag,
    access: "staff",
    scope: "clients:write",
    answer,
    handle: async ({ ctx, params }) => ({ body: await archiveContact(ctx, contactOf(params)) }),
  }),
];
