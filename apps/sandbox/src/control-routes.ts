import { type ChannelKind, channelKinds } from "@reminder-app/platform/channel-kinds";
import { z } from "zod";
import { type FaultDice, faultsSchema } from "./faults.ts";
import { checked, type Exchange, queryNumber, readJson, sendJson } from "./http-exchange.ts";
import type { Route } from "./http-server.ts";
import type { Ledger } from "./ledger.ts";
import { readContent } from "./mail-content.ts";
import { scriptSchema } from "./outcomes.ts";
import { type ReplyDeps, replySchema, sendReply } from "./replies.ts";
import type { Scripts } from "./scripts.ts";

interface ControlDeps extends ReplyDeps {
  readonly scripts: Scripts;
  readonly dice: FaultDice;
}

/** How tests and chaos runs steer the stand-ins, and read what they accepted. */
export function controlRoutes({ scripts, dice, ...replying }: ControlDeps): readonly Route[] {
  const { ledger } = replying;
  const done = ({ res }: Exchange) => void res.writeHead(204).end();
  return [
    {
      method: "PUT",
      path: /^\/sandbox\/scripts\/(?<channel>[^/]+)\/(?<address>[^/]+)$/,
      async handle(exchange) {
        const channel: ChannelKind = checked(z.enum(channelKinds), exchange.params["channel"]);
        scripts.set(channel, exchange.params["address"] ?? "", await readJson(exchange.req, scriptSchema));
        done(exchange);
      },
    },
    { method: "DELETE", path: /^\/sandbox\/scripts$/, handle: (exchange) => (scripts.clear(), done(exchange)) },
    {
      method: "PUT",
      path: /^\/sandbox\/faults$/,
      async handle(exchange) {
        dice.set(await readJson(exchange.req, faultsSchema));
        done(exchange);
      },
    },
    { method: "DELETE", path: /^\/sandbox\/faults$/, handle: (exchange) => (dice.clear(), done(exchange)) },
    { method: "GET", path: /^\/sandbox\/ledger$/, handle: (exchange) => sendLedger(ledger, exchange) },
    {
      method: "GET",
      path: /^\/sandbox\/ledger\/count$/,
      handle: ({ res }) => sendJson(res, { body: countOf(ledger) }),
    },
    { method: "DELETE", path: /^\/sandbox\/ledger$/, handle: (exchange) => (ledger.clear(), done(exchange)) },
    {
      method: "POST",
      path: /^\/sandbox\/reply$/,
      handle: async ({ req, res }) =>
        sendJson(res, { body: await sendReply(replying, await readJson(req, replySchema)) }),
    },
  ];
}

async function sendLedger(ledger: Ledger, { url, res }: Exchange): Promise<void> {
  const entries = ledger.after(queryNumber(url, "after", 0), Math.min(10_000, queryNumber(url, "limit", 1_000)));
  const withContent = url.searchParams.get("content") !== "none";
  const shown = [];
  for (const entry of entries) {
    const { raw: _, ...plain } = entry;
    shown.push(withContent ? { ...plain, ...(await readContent(entry)) } : plain);
  }
  sendJson(res, { body: { entries: shown, last: ledger.entries().at(-1)?.seq ?? 0 } });
}

function countOf(ledger: Ledger): { count: number } & Record<ChannelKind, number> {
  const counts = { count: 0, email: 0, sms: 0, whatsapp: 0 };
  for (const { channel } of ledger.entries()) {
    counts.count += 1;
    counts[channel] += 1;
  }
  return counts;
}
