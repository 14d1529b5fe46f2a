import type { Received, Sent } from "./send-request.ts";

/** `5xx`: the server failed. `undocumented`: a status or header. `schema`: a body. `leak`: foreign data, or internals. */
export type FindingKind = "5xx" | "undocumented" | "schema" | "leak";

export interface Fault {
  readonly kind: FindingKind;
  readonly message: string;
}

/** What is wrong with one answer, with all that is needed to ask again. */
export interface Finding extends Fault {
  readonly seed: number;
  readonly step: number;
  readonly operation: string;
  /** Who asked; a token is not repeated, for it ends soon. */
  readonly actor: string;
  readonly request: Sent | Buffer;
  readonly answer: Received | undefined;
}

const LONGEST_ANSWER = 2_000;

/** A finding as it is told: what, where, how to ask again, and what came back. */
export function describeFinding(finding: Finding, url: string): string {
  const { kind, operation, actor, message, seed, step, request, answer } = finding;
  return [
    `${kind}: ${operation}, asked by ${actor}: ${message}`,
    `  seed ${seed}, step ${step}`,
    `  ${Buffer.isBuffer(request) ? netcat(request, url) : curl(request, url)}`,
    answer ? `  ${answer.status} ${JSON.stringify(answer.headers)}` : "  no answer",
    `  ${(answer?.text ?? "").slice(0, LONGEST_ANSWER)}`,
  ].join("\n");
}

function curl({ method, path, headers, body }: Sent, url: string): string {
  const shown = Object.entries(headers).map(([name, value]) =>
    name === "authorization" && value.length > 40
      ? '-H "authorization: Bearer $TOKEN"'
      : `-H ${quoted(`${name}: ${value}`)}`,
  );
  const data = body ? [`--data-binary @<(printf %s ${quoted(body.toString("base64"))} | base64 -d)`] : [];
  const readable = body && body.length < LONGEST_ANSWER ? `\n  # body: ${JSON.stringify(body.toString())}` : "";
  return ["curl -isS --path-as-is -X", method, ...shown, ...data, quoted(`${url}${path}`)].join(" ") + readable;
}

function netcat(bytes: Buffer, url: string): string {
  const { hostname, port } = new URL(url);
  return `printf %s ${quoted(bytes.toString("base64"))} | base64 -d | nc ${hostname} ${port}`;
}

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
