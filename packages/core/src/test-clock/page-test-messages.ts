import type { Id } from "@reminder-app/platform/ids";
import { z } from "zod";
import type { Ctx } from "../ctx.ts";
import { type Page, PageQuery, toPage } from "../page.ts";
import { openRecipient } from "./test-mailbox.ts";
import { testMessageRepo } from "./test-messages.repo.ts";

export const PageTestMessagesQuery = PageQuery.extend({
  clientId: z.uuid().optional(),
  reminderId: z.uuid().optional(),
  deliveryId: z.uuid().optional(),
});

type Row = Awaited<ReturnType<ReturnType<typeof testMessageRepo>["page"]>>[number];
export type TestMessageView = Omit<Row, "recipient"> & { readonly recipient: string };

/** What a test business would have sent, the newest first. A live one has none. */
export async function pageTestMessages(
  ctx: Ctx,
  { limit, cursor, ...filter }: z.output<typeof PageTestMessagesQuery>,
): Promise<Page<TestMessageView>> {
  const rows = await testMessageRepo(ctx).page(
    {
      clientId: filter.clientId as Id<"Client"> | undefined,
      reminderId: filter.reminderId as Id<"Reminder"> | undefined,
      deliveryId: filter.deliveryId as Id<"Delivery"> | undefined,
    },
    { limit, cursor: cursor as Id<"TestMessage"> | undefined },
  );
  const { items, ...more } = toPage(rows, limit);
  return { ...more, items: items.map((row) => ({ ...row, recipient: openRecipient(ctx, row) })) };
}
