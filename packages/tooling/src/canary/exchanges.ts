/** A request that was made, and how it was answered. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly sent: string;
  readonly status: number;
  readonly text: string;
  /** What the answer asks to keep as a cookie: `name=value`. */
  readonly cookie: string;
}

export interface Asked {
  readonly token?: string;
  /** Sent as JSON; a string as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Caller {
  readonly exchanges: readonly Exchange[];
  ask(method: string, path: string, asked?: Asked): Promise<Exchange>;
  /** The same, for what has to succeed; answers with the body. Throws with the problem otherwise. */
  done<Body>(method: string, path: string, asked?: Asked): Promise<Body>;
}

/** Asks an API, and keeps what was asked and answered. */
export function createCaller(url: string): Caller {
  const exchanges: Exchange[] = [];

  async function ask(method: string, path: string, { token, body, headers: given }: Asked = {}): Promise<Exchange> {
    const sent = typeof body === "string" ? body : body === undefined ? "" : JSON.stringify(body);
    const headers = {
      ...(body !== undefined && { "content-type": "application/json" }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...given,
    };
    const answer = await fetch(url + path, {
      method,
      headers,
      redirect: "manual",
      ...(body !== undefined && { body: sent }),
    });
    const [cookie = ""] = (answer.headers.get("set-cookie") ?? "").split(";");
    const exchange = { method, path, headers, sent, status: answer.status, text: await answer.text(), cookie };
    exchanges.push(exchange);
    return exchange;
  }

  return {
    exchanges,
    ask,
    async done<Body>(method: string, path: string, asked?: Asked) {
      const { status, text } = await ask(method, path, asked);
      if (status >= 300) throw new Error(`${method} ${path} was answered with ${status}: ${text}`);
      return (text === "" ? undefined : JSON.parse(text)) as Body;
    },
  };
}
