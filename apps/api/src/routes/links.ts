import { linkUrl } from "@reminder-app/core/links/link-token";
import { MakeLinkInput, makePageLink } from "@reminder-app/core/links/make-link";
import { linkOfClient, pageLinks, pageVisits } from "@reminder-app/core/links/page-links";
import { revokeAllLinks, revokeLink } from "@reminder-app/core/links/revoke-links";
import { PageQuery } from "@reminder-app/core/page";
import type { Id } from "@reminder-app/platform/ids";
import { endpoint } from "../http/endpoint.ts";
import { pageOf } from "../schemas.ts";
import { linkSchema, linkVisitSchema, madeLinkSchema, revokedLinksSchema } from "../schemas/links.ts";

const tag = "Links";
const all = "/v1/clients/:clientId/links";
const one = `${all}/:linkId`;
type Params = Readonly<Record<string, Id<never>>>;
const keyOf = (params: Params) => ({
  clientId: params["clientId"] as Id<"Client">,
  linkId: params["linkId"] as Id<"ClientLink">,
});

export const linkRoutes = [
  endpoint({
    method: "post",
    path: all,
    operationId: "makeLink",
    summary: "Make a link to the client's page, to be handed over",
    tag,
    access: "staff",
    scope: "clients:write",
    body: MakeLinkInput,
    example: { days: 30 },
    answer: { status: 201, schema: madeLinkSchema },
    async handle({ ctx, params, body, deps }) {
      const { clientId } = keyOf(params);
      const { link, token } = await makePageLink(ctx, clientId, body);
      const made = await linkOfClient(ctx, clientId, link.id);
      return { body: { ...made, url: linkUrl(deps.publicUrl, token) } };
    },
  }),
  endpoint({
    method: "get",
    path: all,
    operationId: "listLinks",
    summary: "The links of a client, the newest first, without their secrets",
    tag,
    access: "viewer",
    scope: "clients:read",
    query: PageQuery,
    answer: { status: 200, schema: pageOf(linkSchema) },
    handle: async ({ ctx, params, query }) => ({ body: await pageLinks(ctx, keyOf(params).clientId, query) }),
  }),
  endpoint({
    method: "delete",
    path: all,
    operationId: "revokeAllLinks",
    summary: "Take all links of a client away; they open nothing from now on",
    tag,
    access: "staff",
    scope: "clients:write",
    answer: { status: 200, schema: revokedLinksSchema },
    handle: async ({ ctx, params }) => ({ body: await revokeAllLinks(ctx, keyOf(params).clientId) }),
  }),
  endpoint({
    method: "delete",
    path: one,
    operationId: "revokeLink",
    summary: "Take a link away; it opens nothing from now on",
    tag,
    access: "staff",
    scope: "clients:write",
    answer: { status: 204 },
    async handle({ ctx, params }) {
      const { clientId, linkId } = keyOf(params);
      await revokeLink(ctx, clientId, linkId);
      return {};
    },
  }),
  endpoint({
    method: "get",
    path: `${one}/visits`,
    operationId: "listLinkVisits",
    summary: "What was done with a link, the newest first",
    tag,
    access: "viewer",
    scope: "clients:read",
    query: PageQuery,
    answer: { status: 200, schema: pageOf(linkVisitSchema) },
    handle: async ({ ctx, params, query }) => ({ body: await pageVisits(ctx, keyOf(params), query) }),
  }),
];
