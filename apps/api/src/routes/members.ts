import { AcceptInvitationInput, acceptInvitation } from "@reminder-app/core/invitations/accept-invitation";
import { CreateInvitationInput, createInvitation } from "@reminder-app/core/invitations/create-invitation";
import { pageInvitations } from "@reminder-app/core/invitations/page-invitations";
import { revokeInvitation } from "@reminder-app/core/invitations/revoke-invitation";
import { ChangeMemberInput, changeMember } from "@reminder-app/core/members/change-member";
import { pageMembers } from "@reminder-app/core/members/page-members";
import { removeMember } from "@reminder-app/core/members/remove-member";
import { PageQuery } from "@reminder-app/core/page";
import type { Id } from "@reminder-app/platform/ids";
import { enqueueAccountMails } from "@reminder-app/queues/enqueue";
import { type Call, endpoint } from "../http/endpoint.ts";
import { pageOf } from "../schemas.ts";
import { invitationSchema, joinedSchema, memberSchema } from "../schemas/members.ts";

const tag = "Members";

const memberOf = (params: Call<unknown, unknown>["params"]) => params["memberId"] as Id<"Member">;

export const memberRoutes = [
  endpoint({
    method: "get",
    path: "/v1/members",
    operationId: "listMembers",
    summary: "See the members",
    tag,
    access: "admin",
    scope: "members",
    query: PageQuery,
    answer: { status: 200, schema: pageOf(memberSchema) },
    handle: async ({ ctx, query }) => ({ body: await pageMembers(ctx, query) }),
  }),
  endpoint({
    method: "patch",
    path: "/v1/members/:memberId",
    operationId: "changeMember",
    summary: "Change a member's role, limit them to some clients, or disable them",
    tag,
    access: "admin",
    scope: "members",
    body: ChangeMemberInput,
    example: { role: "staff", limitedToClients: true },
    answer: { status: 200, schema: memberSchema },
    handle: async ({ ctx, params, body }) => ({ body: await changeMember(ctx, memberOf(params), body) }),
  }),
  endpoint({
    method: "delete",
    path: "/v1/members/:memberId",
    operationId: "removeMember",
    summary: "Remove a member; what they did stays on record",
    tag,
    access: "admin",
    scope: "members",
    answer: { status: 204 },
    async handle({ ctx, params }) {
      await removeMember(ctx, memberOf(params));
      return {};
    },
  }),
  endpoint({
    method: "post",
    path: "/v1/invitations",
    operationId: "createInvitation",
    summary: "Invite somebody by e-mail",
    tag,
    access: "admin",
    scope: "members",
    idempotent: true,
    body: CreateInvitationInput,
    example: { email: "sam@harbour-lane.example", role: "staff" },
    answer: { status: 201, schema: invitationSchema },
    async handle({ ctx, body }) {
      const { invitation, mailId } = await createInvitation(ctx, body);
      return { body: invitation, afterCommit: (producer) => enqueueAccountMails(producer, [mailId]) };
    },
  }),
  endpoint({
    method: "get",
    path: "/v1/invitations",
    operationId: "listInvitations",
    summary: "See the invitations, those that are over too",
    tag,
    access: "admin",
    scope: "members",
    query: PageQuery,
    answer: { status: 200, schema: pageOf(invitationSchema) },
    handle: async ({ ctx, query }) => ({ body: await pageInvitations(ctx, query) }),
  }),
  endpoint({
    method: "delete",
    path: "/v1/invitations/:invitationId",
    operationId: "revokeInvitation",
    summary: "Take an invitation back",
    tag,
    access: "admin",
    scope: "members",
    answer: { status: 204 },
    async handle({ ctx, params }) {
      await revokeInvitation(ctx, params["invitationId"] as Id<"Invitation">);
      return {};
    },
  }),
  endpoint({
    method: "post",
    path: "/v1/auth/accept-invitation",
    operationId: "acceptInvitation",
    summary: "Join a business by the link of an invitation; a person without an account gives name and password",
    tag,
    access: "public",
    rate: "mail",
    body: AcceptInvitationInput,
    example: {
      token: "the-43-characters-at-the-end-of-the-link-xx",
      name: "Sam Reed",
      password: "battery staple horse",
    },
    answer: { status: 200, schema: joinedSchema },
    handle: async ({ deps, body }) => ({ body: await acceptInvitation(deps.system, body) }),
  }),
];
