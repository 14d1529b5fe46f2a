type Defined<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };

/** The fields that were given. A field set to undefined counts as not given; null is a value. */
export function withoutUndefined<T extends object>(input: T): Partial<Defined<T>> {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as Partial<Defined<T>>;
}
