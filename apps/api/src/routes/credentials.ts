import { type Account, type Provider, accountSchemas, providers } from "@reminder-app/channels/accounts";
import type { CredentialView } from "@reminder-app/core/credentials/account";
import { listCredentials } from "@reminder-app/core/credentials/list-credentials";
import { putCredential } from "@reminder-app/core/credentials/put-credential";
import { removeCredential } from "@reminder-app/core/credentials/remove-credential";
import type { Ctx } from "@reminder-app/core/ctx";
import { z } from "zod";
import { type Deps, endpoint } from "../http/endpoint.ts";
import { credentialSchema } from "../schemas/credentials.ts";
import { ownTwilioInboundUrl, ownWhatsappUrl } from "../webhooks/own-urls.ts";

const tag = "Provider accounts";

/** A change binds within a minute: workers look again every few seconds. */
function putEndpoint<P extends Provider>(provider: P, { name, example }: { name: string; example: object }) {
  return endpoint({
    method: "put",
    path: `/v1/credentials/${provider}`,
    operationId: `put${name}Credential`,
    summary: `Send by a ${name} account of your own, within a minute`,
    tag,
    access: "admin",
    scope: "members",
    recent: true,
    body: accountSchemas[provider],
    example,
    answer: { status: 200, schema: credentialSchema },
    handle: async ({ ctx, body, deps }) => ({
      body: withUrl({ ctx, deps }, await putCredential(ctx, { provider, ...(body as object) } as Account)),
    }),
  });
}

export const credentialRoutes = [
  endpoint({
    method: "get",
    path: "/v1/credentials",
    operationId: "listCredentials",
    summary: "Your own provider accounts, without their secrets",
    tag,
    access: "admin",
    scope: "members",
    answer: { status: 200, schema: z.object({ items: z.array(credentialSchema) }) },
    async handle({ ctx, deps }) {
      const { items } = await listCredentials(ctx);
      return { body: { items: items.map((item) => withUrl({ ctx, deps }, item)) } };
    },
  }),
  putEndpoint("smtp", {
    name: "Smtp",
    example: { host: "smtp.firm.example", user: "reminders", password: "an-app-password", from: "office@firm.example" },
  }),
  putEndpoint("twilio", {
    name: "Twilio",
    example: { accountSid: `AC${"1".repeat(32)}`, authToken: "a-token-of-twilio", from: "+442079460123" },
  }),
  putEndpoint("whatsapp", {
    name: "Whatsapp",
    example: { phoneNumberId: "106540352242922", token: "a-token-of-the-cloud-api" },
  }),
  endpoint({
    method: "delete",
    path: "/v1/credentials/:provider",
    operationId: "removeCredential",
    summary: "Send by the installation's account again, within a minute",
    tag,
    access: "admin",
    scope: "members",
    recent: true,
    params: { provider: z.enum(providers) },
    answer: { status: 204 },
    async handle({ ctx, params }) {
      await removeCredential(ctx, params["provider"] as string as Provider);
      return {};
    },
  }),
];

function withUrl({ ctx: { businessId }, deps }: { ctx: Ctx; deps: Deps }, view: CredentialView) {
  const urls: Readonly<Record<Provider, string | null>> = {
    smtp: null,
    twilio: ownTwilioInboundUrl(deps.publicUrl, businessId),
    whatsapp: ownWhatsappUrl(deps.publicUrl, businessId),
  };
  return { ...view, webhookUrl: urls[view.provider] };
}
