import type { ServerResponse } from "node:http";
import { z } from "zod";
import { type Exchange, readBody, readJson, sendJson } from "./http-exchange.ts";
import type { Route } from "./http-server.ts";

/** How a receiver takes one call: with a status, not at all, by sending it elsewhere, or with an answer without end. */
const hookOutcomes = ["ok", "fail", "refuse", "throttle", "hang", "redirect", "huge"] as const;
type HookOutcome = (typeof hookOutcomes)[number];

const hookScriptSchema = z.strictObject({
  /** One for each call that comes, in turn; from then on the last one, or `ok` when there is none. */
  outcomes: z.array(z.enum(hookOutcomes)).max(100),
});

interface ReceivedCall {
  readonly receivedAt: string;
  readonly outcome: HookOutcome;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

const MOST_CALLS = 1_000;
const MOST_HOOKS = 100;
const HUGE_CHUNK = Buffer.alloc(64 * 1024, "x");
const HUGE_CHUNKS = 160;

interface Hook {
  script: readonly HookOutcome[];
  readonly calls: ReceivedCall[];
}

/** Programs of businesses that hear of events, by any name: `POST /hooks/<name>`. What came is at `/sandbox/hooks/<name>`. */
export function hookRoutes(): readonly Route[] {
  const hooks = new Map<string, Hook>();
  const nameOf = ({ params }: Exchange) => params["name"] ?? "";
  const control = /^\/sandbox\/hooks\/(?<name>[\w.-]{1,64})$/;

  function hookOf(name: string): Hook {
    const known = hooks.get(name);
    if (known) return known;
    const [oldest] = hooks.keys();
    if (hooks.size >= MOST_HOOKS && oldest !== undefined) hooks.delete(oldest);
    const made: Hook = { script: [], calls: [] };
    hooks.set(name, made);
    return made;
  }

  return [
    {
      method: "POST",
      path: /^\/hooks\/(?<name>[\w.-]{1,64})$/,
      async handle(exchange) {
        const { req, res } = exchange;
        const hook = hookOf(nameOf(exchange));
        const body = await readBody(req);
        const [outcome = "ok", ...rest] = hook.script;
        if (rest.length > 0) hook.script = rest;
        hook.calls.push({ receivedAt: new Date().toISOString(), outcome, headers: req.headers, body });
        if (hook.calls.length > MOST_CALLS) hook.calls.shift();
        answer[outcome](res);
      },
    },
    {
      method: "GET",
      path: control,
      handle: (exchange) => sendJson(exchange.res, { body: { calls: hooks.get(nameOf(exchange))?.calls ?? [] } }),
    },
    {
      method: "PUT",
      path: control,
      async handle(exchange) {
        const { outcomes } = await readJson(exchange.req, hookScriptSchema);
        hookOf(nameOf(exchange)).script = outcomes;
        exchange.res.writeHead(204).end();
      },
    },
    {
      method: "DELETE",
      path: control,
      handle(exchange) {
        hooks.delete(nameOf(exchange));
        exchange.res.writeHead(204).end();
      },
    },
  ];
}

const answer: Readonly<Record<HookOutcome, (res: ServerResponse) => void>> = {
  ok: (res) => void res.writeHead(204).end(),
  fail: (res) => void res.writeHead(500).end("Internal Server Error"),
  refuse: (res) => void res.writeHead(410).end("Gone"),
  throttle: (res) => void res.writeHead(429, { "retry-after": "30" }).end(),
  hang: () => undefined,
  redirect: (res) => void res.writeHead(307, { location: "/hooks/elsewhere" }).end(),
  huge(res) {
    res.on("error", () => undefined).writeHead(200);
    let left = HUGE_CHUNKS;
    const more = (): void => {
      while (!res.destroyed && left > 0) {
        left -= 1;
        if (!res.write(HUGE_CHUNK)) return;
      }
      res.end();
    };
    res.on("drain", more);
    more();
  },
};
