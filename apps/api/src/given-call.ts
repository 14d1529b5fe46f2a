export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body, where it is JSON. */
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into answers of every form
  readonly body: any;
}

export interface CallOptions {
  readonly token?: string | undefined;
  /** Sent as JSON; a string or a form as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

function isReady(body: unknown): body is string | FormData {
  return typeof body === "string" || body instanceof FormData;
}

/** Ask an API for something, as a client of it does. */
export async function send(url: string, method: string, { token, body, headers }: CallOptions): Promise<Answer> {
  const answer = await fetch(url, {
    method,
    redirect: "manual",
    headers: {
      ...(body !== undefined && !(body instanceof FormData) && { "content-type": "application/json" }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body !== undefined && { body: isReady(body) ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  const isJson = /json/.test(answer.headers.get("content-type") ?? "");
  return {
    status: answer.status,
    headers: answer.headers,
    text,
    body: isJson ? (JSON.parse(text) as unknown) : undefined,
  };
}
