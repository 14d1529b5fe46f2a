import { ChangeBusinessInput, changeBusiness } from "@reminder-app/core/businesses/change-business";
import { CreateBusinessInput, createBusiness } from "@reminder-app/core/businesses/create-business";
import { getBusiness } from "@reminder-app/core/businesses/get-business";
import { signedIn } from "../http/authenticate.ts";
import { endpoint } from "../http/endpoint.ts";
import { businessSchema } from "../schemas.ts";

const tag = "Business";

export const businessRoutes = [
  endpoint({
    method: "post",
    path: "/v1/businesses",
    operationId: "createBusiness",
    summary: "Make another business, which you own",
    tag,
    access: "viewer",
    scope: "members",
    idempotent: true,
    body: CreateBusinessInput,
    example: { name: "Harbour & Lane, trial", timeZone: "Europe/London", mode: "test" },
    answer: { status: 201, schema: businessSchema },
    handle: async (call) => ({ body: await createBusiness(call.ctx, signedIn(call), call.body) }),
  }),
  endpoint({
    method: "get",
    path: "/v1/business",
    operationId: "getBusiness",
    summary: "The business's profile",
    tag,
    access: "viewer",
    scope: "business:read",
    answer: { status: 200, schema: businessSchema },
    handle: async ({ ctx }) => ({ body: await getBusiness(ctx) }),
  }),
  endpoint({
    method: "patch",
    path: "/v1/business",
    operationId: "changeBusiness",
    summary: "Change the business's profile",
    tag,
    access: "admin",
    scope: "business:write",
    body: ChangeBusinessInput,
    example: { timeZone: "Europe/Madrid", quietHours: { start: "20:00", end: "08:00" } },
    answer: { status: 200, schema: businessSchema },
    async handle({ ctx, body, deps }) {
      const { business, retimed } = await changeBusiness(ctx, body, deps);
      return {
        body: business,
        afterCommit: async (producer) => {
          await Promise.all(retimed.map((reminder) => producer.setTimer(reminder)));
        },
      };
    },
  }),
];
