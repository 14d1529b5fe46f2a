import { CreateTagRuleInput, createTagRule } from "@reminder-app/core/tags/create-tag-rule";
import { listNotEnrolled, listTagRules } from "@reminder-app/core/tags/list-tag-rules";
import { listTags } from "@reminder-app/core/tags/list-tags";
import { removeTagRule } from "@reminder-app/core/tags/remove-tag-rule";
import { ClientTagsInput, setClientTags } from "@reminder-app/core/tags/set-client-tags";
import type { Id } from "@reminder-app/platform/ids";
import { z } from "zod";
import { endpoint } from "../http/endpoint.ts";
import {
  clientTagsSchema,
  madeTagRuleSchema,
  notEnrolledListSchema,
  removedTagRuleSchema,
  tagCountSchema,
  tagRuleSchema,
} from "../schemas/tags.ts";
import { resetTimer } from "./reset-timer.ts";

const tag = "Tags";
const rules = "/v1/tag-rules";
const rule = `${rules}/:tagRuleId`;
type Params = Readonly<Record<string, Id<never>>>;
const ruleOf = (params: Params) => params["tagRuleId"] as Id<"TagRule">;

export const tagRoutes = [
  endpoint({
    method: "get",
    path: "/v1/tags",
    operationId: "listTags",
    summary: "Every tag, with how many clients have it",
    tag,
    access: "viewer",
    scope: "clients:read",
    answer: { status: 200, schema: z.object({ items: z.array(tagCountSchema) }) },
    handle: async ({ ctx }) => ({ body: await listTags(ctx) }),
  }),
  endpoint({
    method: "put",
    path: "/v1/clients/:clientId/tags",
    operationId: "setClientTags",
    summary:
      "Set the tags of a client; rules put it on reminders for new ones, and take it off for those that are gone",
    tag,
    access: "staff",
    scope: "clients:write",
    body: ClientTagsInput,
    example: { tags: ["VAT", "monthly"] },
    answer: { status: 200, schema: clientTagsSchema },
    async handle({ ctx, params, body }) {
      const tagged = await setClientTags(ctx, params["clientId"] as Id<"Client">, body);
      return {
        body: tagged,
        afterCommit: async (producer) => {
          for (const id of tagged.reminderIds) await resetTimer(ctx, id)(producer);
        },
      };
    },
  }),
  endpoint({
    method: "post",
    path: rules,
    operationId: "createTagRule",
    summary: "Let every client with a tag be on a reminder: those who have it, and those who get it",
    tag,
    access: "staff",
    scope: "reminders:write",
    allClients: true,
    body: CreateTagRuleInput,
    example: { tag: "VAT", reminderId: "01980000-0000-7000-8000-000000000001" },
    answer: { status: 201, schema: madeTagRuleSchema },
    async handle({ ctx, body }) {
      const { rule: made, ...answer } = await createTagRule(ctx, body);
      return {
        body: { ...made, ...answer },
        location: `${rules}/${made.id}`,
        afterCommit: resetTimer(ctx, made.reminderId),
      };
    },
  }),
  endpoint({
    method: "get",
    path: rules,
    operationId: "listTagRules",
    summary: "Which tags put clients on which reminders",
    tag,
    access: "viewer",
    scope: "reminders:read",
    answer: { status: 200, schema: z.object({ items: z.array(tagRuleSchema) }) },
    handle: async ({ ctx }) => ({ body: await listTagRules(ctx) }),
  }),
  endpoint({
    method: "get",
    path: `${rule}/not-enrolled`,
    operationId: "listNotEnrolled",
    summary: "Who has the tag of a rule and could not be put on its reminder, with the reason: the first hundred",
    tag,
    access: "viewer",
    scope: "reminders:read",
    allClients: true,
    answer: { status: 200, schema: notEnrolledListSchema },
    handle: async ({ ctx, params }) => ({ body: await listNotEnrolled(ctx, ruleOf(params)) }),
  }),
  endpoint({
    method: "delete",
    path: rule,
    operationId: "removeTagRule",
    summary: "Forget a tag rule, and take off the reminder whom it put on it",
    tag,
    access: "staff",
    scope: "reminders:write",
    allClients: true,
    answer: { status: 200, schema: removedTagRuleSchema },
    async handle({ ctx, params }) {
      const { reminderId, ...removed } = await removeTagRule(ctx, ruleOf(params));
      return { body: removed, afterCommit: resetTimer(ctx, reminderId) };
    },
  }),
];
