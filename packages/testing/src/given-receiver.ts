import { createHmac } from "node:crypto";
import { once } from "node:events";
import { type IncomingHttpHeaders, type ServerResponse, createServer } from "node:http";

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** How a receiver answers one request: a status, or as it likes. */
export type Behaviour = number | ((res: ServerResponse) => void);

/** A program of a business's own that hears of events: answers as told in turn, and 200 from then on. */
export async function givenReceiver(behaviours: readonly Behaviour[] = []) {
  const received: Received[] = [];
  let connections = 0;
  const script = [...behaviours];
  const server = createServer((req, res) => {
    void req.toArray().then((chunks) => {
      received.push({ path: req.url ?? "", headers: req.headers, body: Buffer.concat(chunks as Buffer[]).toString() });
      const behaviour = script.shift() ?? 200;
      if (typeof behaviour === "number") res.writeHead(behaviour).end();
      else behaviour(res);
    });
  }).on("connection", () => {
    connections += 1;
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = address && typeof address === "object" ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/hooks`,
    port,
    received,
    connections: () => connections,
    /** How it answers from now on. */
    script: (...next: readonly Behaviour[]) => void script.splice(0, script.length, ...next),
    close(): void {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Whether a request is signed by a secret, told as a receiver tells it. */
export function isSignedBy({ headers, body }: Received, secret: string): boolean {
  const parts = String(headers["reminder-signature"]).split(",");
  const seconds = parts[0]?.slice("t=".length);
  const right = createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex");
  return parts.slice(1).includes(`v1=${right}`);
}
