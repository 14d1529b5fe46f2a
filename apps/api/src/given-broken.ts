import { PageClientsQuery, pageClients } from "@reminder-app/core/clients/page-clients";
import type { Id } from "@reminder-app/platform/ids";
import { z } from "zod";
import { type GivenApi, givenApi } from "./given-api.ts";
import { type Endpoint, endpoint } from "./http/endpoint.ts";
import { endpoints } from "./routes/all.ts";

const BOUND = 1_000;
const described = { method: "post", tag: "Broken", access: "viewer", scope: "members" } as const;
const takesAmount = {
  ...described,
  body: z.strictObject({ amount: z.int().min(1).max(BOUND) }),
  example: { amount: 5 },
} as const;
const callers = new Set<Id<"Business">>();
const amountSchema = z.object({ amount: z.int() });

/** Routes with the faults that a fuzzer has to find, by what is wrong with each. */
const broken = {
  failsAtTheBound: endpoint({
    ...takesAmount,
    path: "/v1/broken/bound",
    operationId: "failsAtTheBound",
    summary: "Fails for the largest amount that it says it takes",
    answer: { status: 200, schema: amountSchema },
    async handle({ body }) {
      if (body.amount === BOUND) throw new TypeError("one place too few");
      return { body };
    },
  }),
  tellsMore: endpoint({
    ...takesAmount,
    path: "/v1/broken/more",
    operationId: "tellsMore",
    summary: "Answers a field that its documentation does not have",
    // An answer is cut to the fields of its schema, but not where the schema is a choice.
    answer: { status: 200, schema: z.union([amountSchema, z.object({ amounts: z.array(z.int()) })]) },
    handle: async ({ body }) => ({ body: { ...body, passwordHash: "none" } }),
  }),
  otherStatus: endpoint({
    ...takesAmount,
    path: "/v1/broken/status",
    operationId: "otherStatus",
    summary: "Answers with a status that its documentation does not have",
    answer: { status: 200, schema: amountSchema },
    handle: async ({ body }) => ({ status: 207, body }),
  }),
  forgetsTheBusiness: endpoint({
    ...described,
    method: "get",
    path: "/v1/broken/clients",
    operationId: "forgetsTheBusiness",
    summary: "Lists the clients of every business that ever asked",
    answer: { status: 200, schema: z.object({ items: z.array(z.object({ name: z.string() })) }) },
    async handle({ ctx }) {
      callers.add(ctx.businessId);
      const ask = (businessId: Id<"Business">) => pageClients({ ...ctx, businessId }, PageClientsQuery.parse({}));
      const pages = await Promise.all([...callers].map(ask));
      return { body: { items: pages.flatMap(({ items }) => items) } };
    },
  }),
} as const satisfies Record<string, Endpoint>;

type Fault = keyof typeof broken;

/**
 * The API as it is, and beside its routes those that have these faults.
 * @public The fuzzer's test loads it by its path, for tooling may not depend on an app.
 */
export function givenBrokenApi(faults: readonly Fault[]): Promise<GivenApi> {
  return givenApi({}, undefined, [...endpoints, ...faults.map((fault) => broken[fault])]);
}
