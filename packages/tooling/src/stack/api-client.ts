/** Calls to the API as a firm makes them. */
export interface ApiClient {
  get<Answer>(path: string): Promise<Answer>;
  post<Answer>(path: string, body?: unknown): Promise<Answer>;
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

/** An API client that renews its access token by signing in again. Throws with the problem that the API answers. */
export function apiClient(
  apiUrl: string,
  credentials: { readonly email: string; readonly password: string; readonly businessId?: string },
): ApiClient {
  let token: string | undefined;

  async function call(wanted: Call): Promise<unknown> {
    const what = `${wanted.method} ${wanted.path}`;
    token ??= await signIn();
    const answer = await send(wanted, token);
    if (answer.status !== 401) return read(answer, what);
    token = await signIn();
    return read(await send(wanted, token), what);
  }

  async function signIn(): Promise<string> {
    const answer = await send({ method: "POST", path: "/v1/auth/login", body: credentials });
    const { accessToken } = (await read(answer, "login")) as { accessToken: string };
    return accessToken;
  }

  function send({ method, path, body }: Call, bearer?: string): Promise<Response> {
    return fetch(`${apiUrl}${path}`, {
      method,
      headers: {
        ...(body !== undefined && { "content-type": "application/json" }),
        ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }

  return {
    get: async <Answer>(path: string) => (await call({ method: "GET", path })) as Answer,
    post: async <Answer>(path: string, body?: unknown) => (await call({ method: "POST", path, body })) as Answer,
  };
}

/** An answer that is no success. */
export class ApiProblem extends Error {
  override name = "ApiProblem";
  readonly status: number;

  constructor(what: string, status: number, said: string) {
    super(`${what} was answered with ${status}: ${said}`);
    this.status = status;
  }
}

async function read(answer: Response, what: string): Promise<unknown> {
  const text = await answer.text();
  if (!answer.ok) throw new ApiProblem(what, answer.status, text);
  return text === "" ? undefined : (JSON.parse(text) as unknown);
}

/** Register a business. Registering again changes nothing. */
export async function registerBusiness(
  apiUrl: string,
  owner: { readonly businessName: string; readonly name: string; readonly email: string; readonly password: string },
): Promise<void> {
  const answer = await fetch(`${apiUrl}/v1/auth/register`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ timeZone: "Europe/London", locale: "en-GB", ...owner }),
  });
  await read(answer, "register");
}
