import type { ServerResponse } from "node:http";
import type { Ledger } from "./ledger.ts";
import type { LedgerEntry, MessageStatus } from "./ledger-entry.ts";
import type { Timers } from "./timers.ts";

/** However many messages come in, a browser hears of them this often at most. */
const GATHER_MS = 150;
const MOST_STATUSES = 200;

export interface LiveFeed {
  /** Keep this answer open and write what changes to it, as Server-Sent Events. */
  join(res: ServerResponse): void;
  close(): void;
}

/** One event `changed` for all that happened lately: the newest `seq`, and the statuses that moved. */
export function createLiveFeed({ ledger, timers }: { ledger: Ledger; timers: Timers }): LiveFeed {
  const watchers = new Set<ServerResponse>();
  const statuses = new Map<number, MessageStatus>();
  let gathering = false;

  function flush(): void {
    gathering = false;
    const body = { last: ledger.entries().at(-1)?.seq ?? 0, statuses: Object.fromEntries(statuses) };
    statuses.clear();
    for (const watcher of watchers) watcher.write(`event: changed\ndata: ${JSON.stringify(body)}\n\n`);
  }

  const stopListening = ledger.onChange((entry: LedgerEntry | undefined) => {
    if (watchers.size === 0) return;
    if (entry && statuses.size < MOST_STATUSES) statuses.set(entry.seq, entry.status);
    if (gathering) return;
    gathering = true;
    timers.after(GATHER_MS, flush);
  });

  return {
    join(res) {
      res.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
      res.write("retry: 1000\n\n");
      watchers.add(res);
      res.once("close", () => watchers.delete(res));
    },
    close() {
      stopListening();
      for (const watcher of watchers) watcher.end();
    },
  };
}
