/** Calls to the API as a firm makes them. */
export interface ApiClient {
  get<Answer>(path: string): Promise<Answer>;
  post<Answer>(path: string, body?: unknown): Promise<Answer>;
}

/** An API client that renews its access token by signing in again. Throws with the problem that the API answers. */
export function apiClient(
  apiUrl: string,
  credentials: { readonly email: string; readonly password: string },
): ApiClient {
  let token: string | undefined;

  async function call(method: string, path: string, body: unknown): Promise<unknown> {
    token ??= await signIn();
    const answer = await send(method, path, body, token);
    if (answer.status !== 401) return read(answer, `${method} ${path}`);
    token = await signIn();
    return read(await send(method, path, body, token), `${method} ${path}`);
  }

  async function signIn(): Promise<string> {
    const answer = await send("POST", "/v1/auth/login", credentials);
    const { accessToken } = (await read(answer, "login")) as { accessToken: string };
    return accessToken;
  }

  function send(method: string, path: string, body: unknown, bearer?: string): Promise<Response> {
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
    get: async <Answer>(path: string) => (await call("GET", path, undefined)) as Answer,
    post: async <Answer>(path: string, body?: unknown) => (await call("POST", path, body)) as Answer,
  };
}

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
