/** A value that must not be found where it does not belong, and what it is. */
export interface Canary {
  readonly kind: string;
  readonly value: string;
}

/** A place that is looked through: a log, Redis, an answer. */
export interface Place {
  readonly name: string;
  readonly text: string;
}

export interface Hit {
  readonly kind: string;
  readonly place: string;
}

/** Every canary that shows in a place, in clear or as JSON, addresses, base64 and hex write it; letters of either case. */
export function findCanaries(places: readonly Place[], canaries: readonly Canary[]): Hit[] {
  const wanted = canaries.map(({ kind, value }) => ({ kind, forms: formsOf(value) }));
  return places.flatMap(({ name, text }) => {
    const lower = text.toLowerCase();
    return wanted
      .filter(({ forms }) => forms.some((form) => lower.includes(form)))
      .map(({ kind }) => ({ kind, place: name }));
  });
}

function formsOf(value: string): string[] {
  const plain = value.replace(/^\+/, "");
  const forms = [
    plain,
    JSON.stringify(plain).slice(1, -1),
    encodeURIComponent(plain),
    Buffer.from(plain).toString("hex"),
    ...base64Forms(plain),
  ];
  return [...new Set(forms.map((form) => form.toLowerCase()))];
}

/** Base64 writes three bytes at a time, so a value within a text has one of three forms; what its neighbours share is cut off. */
function base64Forms(value: string): string[] {
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), Buffer.from(value)]).toString("base64url");
    return encoded.slice(offset === 0 ? 0 : 4, -4);
  });
}
