import { givenBusiness } from "@reminder-app/testing/given-business";
import { newId } from "@reminder-app/platform/ids";
import { expect, test } from "vitest";
import { closeTask } from "./close-task.ts";
import { openTask } from "./open-task.ts";
import { PageTasksQuery, pageTasks } from "./page-tasks.ts";

type Shop = Awaited<ReturnType<typeof givenBusiness>>;
const tasksOf = async ({ ctx }: Pick<Shop, "ctx">, query = {}) =>
  (await pageTasks(ctx, PageTasksQuery.parse(query))).items;

test("what comes up again for one subject is counted in the task that is open, also from twenty sides at once (A5)", async () => {
  const shop = await givenBusiness();
  const again = () => openTask(shop.ctx, { kind: "missed", subject: "reminder:1" });
  await Promise.all(Array.from({ length: 20 }, again));
  await openTask(shop.ctx, { kind: "missed", subject: "reminder:2", count: 3 });
  expect((await tasksOf(shop)).map(({ count }) => count)).toEqual([3, 20]);
});

test("a closed task stays on record, and what comes up later opens a new one (A5)", async () => {
  const shop = await givenBusiness();
  const task = { kind: "exhausted", subject: "assignment:1" } as const;
  await openTask(shop.ctx, task);
  const [first] = await tasksOf(shop);
  expect(await closeTask(shop.ctx, first!.id)).toMatchObject({ state: "closed", closedAt: shop.clock.now() });
  await closeTask(shop.ctx, first!.id);
  await openTask(shop.ctx, task);
  expect((await tasksOf(shop, { state: "open" })).map(({ count }) => count)).toEqual([1]);
  expect((await tasksOf(shop, { state: "closed" })).map(({ id }) => id)).toEqual([first!.id]);
  expect(await shop.auditTrail()).toEqual(["task.closed"]);
});

test("tasks are found by kind and client, page after page (A5)", async () => {
  const shop = await givenBusiness();
  const client = await shop.client();
  await openTask(shop.ctx, { kind: "exhausted", subject: "a", clientId: client.id });
  await openTask(shop.ctx, { kind: "missed", subject: "b" });
  await openTask(shop.ctx, { kind: "missed", subject: "c" });
  expect(await tasksOf(shop, { clientId: client.id })).toMatchObject([{ kind: "exhausted" }]);
  const { items, nextCursor } = await pageTasks(shop.ctx, PageTasksQuery.parse({ kind: "missed", limit: 1 }));
  expect([...items, ...(await tasksOf(shop, { kind: "missed", cursor: nextCursor }))]).toHaveLength(2);
});

test("who works with some clients only sees and closes what is about those (S23)", async () => {
  const shop = await givenBusiness();
  const client = await shop.client();
  await openTask(shop.ctx, { kind: "exhausted", subject: "a", clientId: client.id });
  await openTask(shop.ctx, { kind: "missed", subject: "b" });
  const limited = { ...shop.ctx, clientsOf: newId<"Member">() };
  expect(await tasksOf({ ctx: limited })).toEqual([]);
  const [, theirs] = await tasksOf(shop);
  await expect(closeTask(limited, theirs!.id)).rejects.toMatchObject({ code: "not_found" });
});
