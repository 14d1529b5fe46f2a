/** Where an entry stands among all: the later first, and of one instant those with the greater key. */
export interface Place {
  readonly at: Date;
  /** A letter that names the source, and what names the entry there. Of one instant, what begins comes before what follows. */
  readonly key: string;
}

/** Which entries are asked for. */
export interface Window {
  readonly from?: Date | undefined;
  readonly to: Date;
  /** Only those that come after this one in the list. */
  readonly after?: Place | undefined;
  readonly limit: number;
}

export function inOrder(one: Place, other: Place): number {
  const apart = other.at.getTime() - one.at.getTime();
  if (apart !== 0 || one.key === other.key) return apart;
  return one.key < other.key ? 1 : -1;
}

export function isWithin(place: Place, { from, to, after }: Window): boolean {
  return place.at <= to && (!from || place.at >= from) && (!after || inOrder(after, place) < 0);
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function toCursor({ at, key }: Place): string {
  return Buffer.from(`${at.getTime()} ${key}`).toString("base64url");
}

/** Undefined for what was never a cursor of the list. */
export function fromCursor(cursor: string): Place | undefined {
  const text = Buffer.from(cursor, "base64url").toString();
  const [, ms, key = ""] = /^(\d{1,15}) ([a-z][\w:+. -]{1,250})$/.exec(text) ?? [];
  const at = new Date(Number(ms));
  const isRow = key.startsWith("m") || key.startsWith("e");
  return Number.isNaN(at.getTime()) || at.getUTCFullYear() > 9999 || (isRow && !uuid.test(key.slice(1)))
    ? undefined
    : { at, key };
}
