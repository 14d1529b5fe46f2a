import type { Logger } from "@reminder-app/platform/log";
import { Agent, request } from "undici";

export interface CallbackClient {
  /** Resolves to the answer's status; 0 when there was none within 15 s. Never rejects. */
  post(
    url: string,
    message: { readonly body: string; readonly headers: Readonly<Record<string, string>> },
  ): Promise<number>;
  close(): Promise<void>;
}

export function createCallbackClient(log: Logger): CallbackClient {
  const dispatcher = new Agent({
    connections: 32,
    connect: { timeout: 5_000 },
    headersTimeout: 15_000,
    bodyTimeout: 15_000,
  });
  return {
    async post(url, { body, headers }) {
      try {
        const answer = await request(url, { method: "POST", body, headers: { ...headers }, dispatcher });
        await answer.body.dump();
        return answer.statusCode;
      } catch (error) {
        log.debug({ error }, "callback not taken");
        return 0;
      }
    },
    close: () => dispatcher.destroy(),
  };
}
