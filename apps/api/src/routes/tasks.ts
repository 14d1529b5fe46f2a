import { closeTask } from "@reminder-app/core/tasks/close-task";
import { PageTasksQuery, pageTasks } from "@reminder-app/core/tasks/page-tasks";
import type { Id } from "@reminder-app/platform/ids";
import { endpoint } from "../http/endpoint.ts";
import { pageOf } from "../schemas.ts";
import { taskSchema } from "../schemas/tasks.ts";

const tag = "Tasks";

export const taskRoutes = [
  endpoint({
    method: "get",
    path: "/v1/tasks",
    operationId: "listTasks",
    summary: "What a person has to look at, the newest first",
    tag,
    access: "viewer",
    scope: "reminders:read",
    query: PageTasksQuery,
    answer: { status: 200, schema: pageOf(taskSchema) },
    handle: async ({ ctx, query }) => ({ body: await pageTasks(ctx, query) }),
  }),
  endpoint({
    method: "post",
    path: "/v1/tasks/:taskId/close",
    operationId: "closeTask",
    summary: "Note that a task was dealt with",
    tag,
    access: "staff",
    scope: "reminders:write",
    answer: { status: 200, schema: taskSchema },
    handle: async ({ ctx, params }) => ({ body: await closeTask(ctx, params["taskId"] as Id<"Task">) }),
  }),
];
