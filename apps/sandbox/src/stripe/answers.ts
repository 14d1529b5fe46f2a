import { StripeFailure } from "./failure.ts";

interface Asked {
  readonly path: string;
  readonly params: string;
}

/** Answers by idempotency key, of one account in one mode: what was done once is answered again, not done again. */
export interface KeptAnswers {
  /** Undefined: the key is new. Throws what Stripe answers when it was used for something else. */
  find(key: string, asked: Asked): { readonly body: unknown } | undefined;
  keep(key: string, asked: Asked, body: unknown): void;
}

export function createKeptAnswers(): KeptAnswers {
  const kept = new Map<string, Asked & { readonly body: unknown }>();
  return {
    find(key, { path, params }) {
      const known = kept.get(key);
      if (known && (known.path !== path || known.params !== params)) throw otherUse(key);
      return known;
    },
    // What happens to the object later is not in the answer that is given again.
    keep: (key, asked, body) => void kept.set(key, { ...asked, body: structuredClone(body) }),
  };
}

function otherUse(key: string): StripeFailure {
  const message = `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`;
  return new StripeFailure({ status: 400, type: "idempotency_error", message });
}
