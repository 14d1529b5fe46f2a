import { Pool } from "undici";
import { p99 } from "./pairs.ts";

export interface LoadOptions {
  readonly origin: string;
  readonly path: string;
  readonly token: string;
  /** The body of the n-th request. */
  readonly body: (index: number) => string;
  readonly requests: number;
}

const CONNECTIONS = 10;

/** POST many times over ten connections, each with one request at a time. Throws when an answer is not 201. */
export async function runLoad(options: LoadOptions): Promise<{ rate: number; p99Ms: number }> {
  const { origin, path, token, body, requests } = options;
  const pool = new Pool(origin, { connections: CONNECTIONS, pipelining: 1 });
  const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
  const latencies: number[] = [];
  let left = requests;

  async function lane(): Promise<void> {
    while (left > 0) {
      left -= 1;
      const sent = body(left);
      const started = performance.now();
      const answer = await pool.request({ method: "POST", path, headers, body: sent });
      const text = await answer.body.text();
      if (answer.statusCode !== 201) throw new Error(`${path} was answered with ${answer.statusCode}: ${text}`);
      latencies.push(performance.now() - started);
    }
  }

  const started = performance.now();
  await Promise.all(Array.from({ length: CONNECTIONS }, lane));
  const ms = performance.now() - started;
  await pool.close();
  return { rate: (requests / ms) * 1_000, p99Ms: p99(latencies) };
}
