import { z } from "zod";

const MAX_PAGE = 100;

/** Keyset paging: rows after the one that `cursor` names, newest first unless a list says otherwise. */
export const PageQuery = z.strictObject({
  limit: z.int().min(1).max(MAX_PAGE).default(50),
  cursor: z.uuid().optional(),
});

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Give it as `cursor` to get the next page; absent on the last one. */
  readonly nextCursor?: string;
}

/** A page from `limit + 1` rows: the extra row only tells that there is more. */
export function toPage<Item extends { readonly id: string }>(rows: readonly Item[], limit: number): Page<Item> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return rows.length > limit && last ? { items, nextCursor: last.id } : { items };
}

const EXPORT_PAGE = 500;

/** All that a list has, page by page, so that memory stays bounded. */
export async function* allPages<Item>(
  page: (at: { readonly limit: number; readonly cursor: string | undefined }) => Promise<Page<Item>>,
): AsyncGenerator<readonly Item[]> {
  let cursor: string | undefined;
  do {
    const { items, nextCursor } = await page({ limit: EXPORT_PAGE, cursor });
    yield items;
    cursor = nextCursor;
  } while (cursor !== undefined);
}
