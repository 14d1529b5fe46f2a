import type { AsyncLocalStorage } from "node:async_hooks";
import type twilio from "twilio";
import type { HttpProvider, HttpReply } from "../http-provider.ts";
import { parseJsonObject } from "../parse-json.ts";

type RequestClient = InstanceType<typeof twilio.RequestClient>;
type SdkRequest = Parameters<RequestClient["request"]>[0];

/** An answer of Twilio's that is not the JSON object of a success. */
export class TwilioReplyError extends Error {
  override name = "TwilioReplyError";
  readonly reply: HttpReply;
  /** Twilio's own number for the fault, where the answer has one. */
  readonly code: number | undefined;

  constructor(reply: HttpReply) {
    const { message, code } = parseJsonObject(reply.body) ?? {};
    super(typeof message === "string" ? message : `Twilio answered with status ${reply.status}`);
    this.reply = reply;
    this.code = typeof code === "number" ? code : undefined;
  }
}

/**
 * Carries the SDK's requests over our pool: the SDK has no setting for the API's address, and its own client costs
 * three times the CPU. Its calls take no signal either, so that comes along as the asynchronous context.
 */
export function createRequestClient(options: {
  http: HttpProvider;
  basePath: string;
  signals: AsyncLocalStorage<AbortSignal>;
}): RequestClient {
  const { http, basePath, signals } = options;

  async function request(sdkRequest: SdkRequest) {
    const signal = signals.getStore();
    if (!signal) throw new TypeError("A call to Twilio needs a signal");

    const reply = await http.call(toHttpRequest(sdkRequest, basePath), signal);
    const body = parseJsonObject(reply.body);
    if (reply.status < 200 || reply.status >= 300 || !body) throw new TwilioReplyError(reply);
    return { statusCode: reply.status, body, headers: reply.headers };
  }

  // The SDK calls nothing else of its client.
  return { request } as unknown as RequestClient;
}

function toHttpRequest({ method, uri, username, password, headers, params, data }: SdkRequest, basePath: string) {
  const { pathname } = new URL(uri);
  const query = params ? `?${encodeForm(params)}` : new URL(uri).search;
  return {
    method: method === "post" ? ("POST" as const) : ("GET" as const),
    path: `${basePath}${pathname}${query}`,
    headers: {
      ...(headers as Record<string, string>),
      Authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`,
    },
    ...(data === undefined ? {} : { body: encodeForm(data as object) }),
  };
}

function encodeForm(fields: object): string {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) form.append(name, String(value));
  return form.toString();
}
