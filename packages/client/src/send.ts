/** Where the API is, and who calls it: a member's access token or an API key. */
export interface Connection {
  /** `https://api.example.com`; in a browser the page's own when left out. */
  readonly origin?: string;
  readonly token?: string;
  readonly signal?: AbortSignal;
  /** Such as an Idempotency-Key. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the API answers when it does not do what was asked (RFC 9457). */
export interface ApiProblem {
  readonly status: number;
  /** Stable: callers may branch on it. */
  readonly code: string;
  readonly detail: string;
  readonly requestId: string;
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
}

/** An answer that is no success. */
export class ApiError extends Error {
  override name = "ApiError";
  readonly problem: ApiProblem;

  constructor(problem: ApiProblem) {
    super(`${problem.code}: ${problem.detail}`);
    this.problem = problem;
  }
}

/**
 * Ask the API, and read its answer. Throws {@link ApiError} where it is no success.
 *
 * @public The generated functions call it.
 */
export async function send<Answer>(
  path: string,
  { origin, token, ...init }: RequestInit & Connection,
): Promise<Answer> {
  const headers = new Headers(init.headers);
  if (token !== undefined) headers.set("authorization", `Bearer ${token}`);
  const answer = await fetch(origin === undefined ? path : new URL(path, origin), {
    ...init,
    headers,
  });
  const text = await answer.text();
  const isJson = /json/.test(answer.headers.get("content-type") ?? "");
  if (!answer.ok) throw new ApiError(isJson ? (JSON.parse(text) as ApiProblem) : unreadable(answer));
  return (isJson ? JSON.parse(text) : text) as Answer;
}

function unreadable({ status, statusText }: Response): ApiProblem {
  return { status, code: "unreadable", detail: statusText, requestId: "" };
}
