import { AddItemsInput, addItems } from "@reminder-app/core/documents/add-items";
import { ChangeItemInput, changeItem } from "@reminder-app/core/documents/change-item";
import { type ToldItem, listChecklist } from "@reminder-app/core/documents/list-checklist";
import type { Id } from "@reminder-app/platform/ids";
import { endpoint } from "../http/endpoint.ts";
import { checklistItemSchema, checklistSchema } from "../schemas/documents.ts";
import { toldDocument } from "./documents.ts";
import { resetTimer } from "./reset-timer.ts";

const tag = "Documents";
const all = "/v1/reminders/:reminderId/assignments/:assignmentId/checklist";
type Params = Readonly<Record<string, Id<never>>>;
const keyOf = (params: Params) => ({
  reminderId: params["reminderId"] as Id<"Reminder">,
  assignmentId: params["assignmentId"] as Id<"Assignment">,
});
const toldItem = (item: ToldItem) => ({ ...item, documents: item.documents.map(toldDocument) });

export const checklistRoutes = [
  endpoint({
    method: "get",
    path: all,
    operationId: "getChecklist",
    summary: "What a client is asked to send, and what came",
    tag,
    access: "viewer",
    scope: "documents:read",
    answer: { status: 200, schema: checklistSchema },
    handle: async ({ ctx, params }) => ({ body: { items: (await listChecklist(ctx, keyOf(params))).map(toldItem) } }),
  }),
  endpoint({
    method: "post",
    path: all,
    operationId: "addChecklistItems",
    summary: "Ask a client for more",
    tag,
    access: "staff",
    scope: "documents:write",
    body: AddItemsInput,
    example: { labels: ["Bank statement of March"] },
    answer: { status: 201, schema: checklistSchema },
    async handle({ ctx, params, body }) {
      const key = keyOf(params);
      const items = await addItems(ctx, key, body);
      return { body: { items: items.map(toldItem) }, afterCommit: resetTimer(ctx, key.reminderId) };
    },
  }),
  endpoint({
    method: "patch",
    path: `${all}/:itemId`,
    operationId: "changeChecklistItem",
    summary: "Accept or reject what came, waive it, ask for it after all, or rename it",
    tag,
    access: "staff",
    scope: "documents:write",
    body: ChangeItemInput,
    example: { state: "waived" },
    answer: { status: 200, schema: checklistItemSchema },
    async handle({ ctx, params, body }) {
      const key = keyOf(params);
      const item = await changeItem(ctx, { ...key, itemId: params["itemId"] as Id<"ChecklistItem"> }, body);
      return { body: toldItem(item), afterCommit: resetTimer(ctx, key.reminderId) };
    },
  }),
];
