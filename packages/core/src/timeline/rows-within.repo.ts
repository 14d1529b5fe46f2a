import { type Column, type SQL, type SQLWrapper, and, lt, or, sql } from "drizzle-orm";
import type { Place, Window } from "./place.ts";

/** That rows of one source are asked for: their key is its letter and the row's id. */
export function rowsWithin(
  { from, to, after }: Window,
  { letter, at, id }: { letter: string; at: SQLWrapper; id: Column },
  like: Column,
): SQL | undefined {
  const instant = (value: Date) => sql.param(value, like);
  const upTo = (value: Date) => sql`${at} <= ${instant(value)}`;
  return and(upTo(to), from && sql`${at} >= ${instant(from)}`, after && furtherOn(after));

  function furtherOn(place: Place): SQL | undefined {
    const was = place.key.slice(0, 1);
    const isEarlier = sql`${at} < ${instant(place.at)}`;
    if (letter > was) return isEarlier;
    if (letter < was) return upTo(place.at);
    return or(isEarlier, and(upTo(place.at), lt(id, place.key.slice(1))));
  }
}
