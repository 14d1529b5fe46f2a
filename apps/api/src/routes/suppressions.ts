import { AddressInput } from "@reminder-app/core/consent/address-input";
import { liftSuppression } from "@reminder-app/core/consent/lift-suppression";
import { PageSuppressionsQuery, pageSuppressions } from "@reminder-app/core/consent/page-suppressions";
import { SuppressByHandInput, suppressByHand } from "@reminder-app/core/consent/suppress-by-hand";
import { endpoint } from "../http/endpoint.ts";
import { stopSchema } from "../schemas.ts";
import { liftedSchema, suppressionPageSchema } from "../schemas/suppressions.ts";

const tag = "Suppressions";

export const suppressionRoutes = [
  endpoint({
    method: "get",
    path: "/v1/suppressions",
    operationId: "listSuppressions",
    summary: "Which addresses may not be written to, and why",
    tag,
    access: "viewer",
    scope: "consent:read",
    allClients: true,
    query: PageSuppressionsQuery,
    answer: { status: 200, schema: suppressionPageSchema },
    handle: async ({ ctx, query }) => ({ body: await pageSuppressions(ctx, query) }),
  }),
  endpoint({
    method: "post",
    path: "/v1/suppressions",
    operationId: "suppressAddress",
    summary: "Let nothing more go to an address",
    tag,
    access: "staff",
    scope: "consent:write",
    allClients: true,
    idempotent: true,
    body: SuppressByHandInput,
    example: { channel: "email", address: "ada@rosewood.example", reason: "manual" },
    answer: { status: 200, schema: stopSchema },
    handle: async ({ ctx, body }) => ({ body: await suppressByHand(ctx, body) }),
  }),
  endpoint({
    method: "post",
    path: "/v1/suppressions/lift",
    operationId: "liftSuppression",
    summary: "Let messages go to an address again; who opted out by SMS or WhatsApp must write START",
    tag,
    access: "admin",
    scope: "consent:write",
    idempotent: true,
    body: AddressInput,
    example: { channel: "email", address: "ada@rosewood.example" },
    answer: { status: 200, schema: liftedSchema },
    handle: async ({ ctx, body }) => ({ body: { lifted: await liftSuppression(ctx, body) } }),
  }),
];
