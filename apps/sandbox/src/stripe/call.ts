import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Exchange, readBody, sendJson } from "../http-exchange.ts";
import type { Route } from "../http-server.ts";
import type { Timers } from "../timers.ts";
import { type KeptAnswers, createKeptAnswers } from "./answers.ts";
import type { Access, Bank, Book } from "./bank.ts";
import { expanded } from "./expand.ts";
import { StripeFailure, sendFailure } from "./failure.ts";
import { type FormValue, parseForm } from "./form.ts";
import type { Fate, Operation, StripeScripts } from "./scripts.ts";

export interface ApiCall {
  readonly access: Access;
  readonly params: { readonly [name: string]: FormValue };
  readonly id: string;
  readonly url: URL;
  /** Where browsers reach the sandbox. */
  readonly address: string;
}

/** A call of the API: `operation` is what scripts name it. */
export interface Operated {
  readonly method: "GET" | "POST";
  readonly path: RegExp;
  readonly operation: Operation;
  readonly handle: (call: ApiCall) => object;
}

interface CallDeps {
  readonly bank: Bank;
  readonly scripts: StripeScripts;
  readonly timers: Timers;
  readonly publicUrl: string | undefined;
}

/** A call of Stripe's API: whose key, what its script says, once for each idempotency key, failures in Stripe's words. */
export function apiRoutes(deps: CallDeps, table: readonly Operated[]): readonly Route[] {
  const kept = new Map<Book, KeptAnswers>();
  const answersOf = (book: Book) => {
    const known = kept.get(book) ?? createKeptAnswers();
    kept.set(book, known);
    return known;
  };
  return table.map(({ method, path, operation, handle }) => ({
    method,
    path,
    async handle(exchange) {
      const { req, res } = exchange;
      res.setHeader("request-id", `req_${randomBytes(7).toString("hex")}`);
      res.setHeader("stripe-version", header(req, "stripe-version") ?? "2026-10-28.endive");
      try {
        const text = method === "POST" ? await readBody(req) : exchange.url.search;
        const access = deps.bank.open(keyOf(req), header(req, "stripe-account"));
        const fate = deps.scripts.decide(operation);
        if (stopped(deps, exchange, fate)) return;
        const call = { access, params: parseForm(text), id: exchange.params["id"] ?? "", url: exchange.url, address: addressOf(deps, req) };
        const body = answer(answersOf(access.book), { call, exchange, text, handle });
        if (fate.outcome === "accept_then_drop") req.socket.destroy();
        else sendJson(res, { body });
      } catch (error) {
        if (!(error instanceof StripeFailure)) throw error;
        sendFailure(res, error);
      }
    },
  })); // prettier-ignore
}

interface Asked {
  readonly call: ApiCall;
  readonly exchange: Exchange;
  readonly text: string;
  readonly handle: Operated["handle"];
}

function answer(answers: KeptAnswers, { call, exchange, text, handle }: Asked): unknown {
  const { req, res, url } = exchange;
  const key = req.method === "POST" ? header(req, "idempotency-key") : undefined;
  const run = () => expanded(call.access.book, handle(call), expandOf(call.params));
  if (key === undefined) return run();
  res.setHeader("idempotency-key", key);
  const asked = { path: url.pathname, params: text };
  const before = answers.find(key, asked);
  if (before) {
    res.setHeader("idempotent-replayed", "true");
    return before.body;
  }
  const body = run();
  answers.keep(key, asked, body);
  return body;
}

/** Whether the script ends the call before anything is done. */
function stopped({ timers }: CallDeps, { req, res }: Exchange, fate: Fate): boolean {
  switch (fate.outcome) {
    case "accept":
    case "accept_then_drop":
      return false;
    case "refuse":
      throw new StripeFailure({
        status: 400,
        code: fate.code,
        message: "The request was refused, as its script says.",
      });
    case "refuse_for_now":
      throw new StripeFailure({
        status: 429,
        code: "lock_timeout",
        message: "This object cannot be accessed right now.",
      });
    case "throttle":
      res.setHeader("retry-after", fate.retryAfterSeconds);
      throw new StripeFailure({
        status: 429,
        code: "rate_limit",
        message: "Too many requests hit the API too quickly.",
      });
    case "server_error":
      throw new StripeFailure({ status: 500, type: "api_error", message: "An unknown error occurred." });
    case "hang":
      timers.after(fate.hangMs, () => res.destroy());
      return true;
    case "drop_before":
      drop(req, res);
      return true;
  }
}

function drop(req: IncomingMessage, res: ServerResponse): void {
  res.destroy();
  req.socket.destroy();
}

function expandOf({ expand }: ApiCall["params"]): readonly string[] {
  return Array.isArray(expand) ? expand.filter((path) => typeof path === "string") : [];
}

function header(req: IncomingMessage, name: string): string | undefined {
  const value = req.headers[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** `Bearer`, or `Basic` with the key as user. */
function keyOf(req: IncomingMessage): string | undefined {
  const [scheme, value = ""] = (req.headers.authorization ?? "").split(" ");
  if (scheme === "Bearer") return value;
  return scheme === "Basic" ? Buffer.from(value, "base64").toString().split(":")[0] : undefined;
}

function addressOf({ publicUrl }: CallDeps, req: IncomingMessage): string {
  return publicUrl?.replace(/\/+$/, "") ?? `http://${req.headers.host ?? "localhost"}`;
}
