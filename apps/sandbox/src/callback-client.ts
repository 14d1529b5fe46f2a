import type { Logger } from "@reminder-app/platform/log";
import { Agent, request } from "undici";

export interface CallbackMessage {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface CallbackAnswer {
  /** 0 when there was no answer within 15 s. */
  readonly status: number;
  readonly text: string;
}

export interface CallbackClient {
  /** Resolves to the answer's status; 0 when there was none within 15 s. Never rejects. */
  post(url: string, message: CallbackMessage): Promise<number>;
  /** The same with what the answer says. */
  ask(url: string, message: CallbackMessage): Promise<CallbackAnswer>;
  close(): Promise<void>;
}

export function createCallbackClient(log: Logger): CallbackClient {
  const dispatcher = new Agent({
    connections: 32,
    connect: { timeout: 5_000 },
    headersTimeout: 15_000,
    bodyTimeout: 15_000,
  });
  async function ask(url: string, { body, headers }: CallbackMessage): Promise<CallbackAnswer> {
    try {
      const answer = await request(url, { method: "POST", body, headers: { ...headers }, dispatcher });
      return { status: answer.statusCode, text: await answer.body.text() };
    } catch (error) {
      log.debug({ error }, "callback not taken");
      return { status: 0, text: "" };
    }
  }

  return {
    ask,
    post: async (url, message) => (await ask(url, message)).status,
    close: () => dispatcher.destroy(),
  };
}
