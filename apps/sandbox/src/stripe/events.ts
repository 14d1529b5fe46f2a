import { createHmac } from "node:crypto";
import { NotFoundError } from "@reminder-app/platform/errors";
import type { CallbackClient } from "../callback-client.ts";
import type { Timers } from "../timers.ts";
import type { Book } from "./bank.ts";
import { type Conduct, type Endpoint, plainConduct } from "./conduct.ts";
import { type AnyObject, nowS, stripeId } from "./objects.ts";

export interface StripeEvent {
  readonly id: string;
  readonly object: "event";
  readonly api_version: string;
  readonly created: number;
  readonly livemode: boolean;
  readonly type: string;
  readonly account?: string;
  readonly data: { readonly object: unknown };
}

/** An event, and how its endpoints answered: 0 where there was no answer. */
export interface SentEvent {
  readonly accountId: string;
  readonly event: StripeEvent;
  readonly answers: number[];
}

export interface Events {
  /** Tell what has happened in an account, all at once. Resolves when it has been sent, if it is to be sent now. */
  publish(book: Book, happened: readonly (readonly [type: string, object: AnyObject])[]): Promise<void>;
  /** Once more, to its own endpoints or to another one. Throws `not_found`. */
  resend(id: string, to?: Endpoint): Promise<number[]>;
  setEndpoint(endpoint: Endpoint): void;
  setConduct(conduct: Conduct): void;
  /** The newest ones, the oldest of them first. */
  list(): readonly SentEvent[];
}

interface EventDeps {
  readonly callbacks: CallbackClient;
  readonly timers: Timers;
}

const KEPT = 10_000;
/** Stripe goes on for three days. */
const GAPS_MS = [1_000, 5_000, 30_000, 300_000, 1_800_000, 3_600_000];

export function createEvents({ callbacks, timers }: EventDeps, first: readonly Endpoint[]): Events {
  const endpoints = new Map<string, Endpoint>();
  const sent: SentEvent[] = [];
  let conduct = plainConduct;
  const setEndpoint = (endpoint: Endpoint) => void endpoints.set(endpoint.accountId ?? "", endpoint);
  for (const endpoint of first) setEndpoint(endpoint);

  function endpointsOf({ accountId, event }: SentEvent): Endpoint[] {
    const own = endpoints.get(accountId);
    const connect = event.account === undefined ? undefined : endpoints.get("");
    return [own, connect].filter((endpoint) => endpoint !== undefined);
  }

  async function post(one: SentEvent, to: Endpoint, how: Conduct): Promise<number> {
    const answer = await callbacks.post(to.url, signedMessage(one.event, to, how));
    one.answers.push(answer);
    return answer;
  }

  function again(one: SentEvent, to: Endpoint, tries: number): void {
    const gapMs = GAPS_MS[tries];
    if (gapMs === undefined) return;
    timers.after(gapMs, () => {
      void post(one, to, conduct).then((answer) => (isTaken(answer) ? undefined : again(one, to, tries + 1)));
    });
  }

  async function send(batch: readonly SentEvent[], how: Conduct): Promise<void> {
    for (const one of how.order === "shuffled" ? batch.toReversed() : batch) {
      for (const to of endpointsOf(one)) {
        for (let time = 0; time < how.repeat; time += 1) {
          if (!isTaken(await post(one, to, how))) again(one, to, 0);
        }
      }
    }
  }

  return {
    async publish(book, happened) {
      const batch = happened.map(([type, object]) => sentEvent(book, { type, object, conduct }));
      sent.push(...batch);
      sent.splice(0, sent.length - KEPT);
      if (conduct.drop) return;
      const { delayMs } = conduct;
      if (delayMs > 0) timers.after(delayMs, () => void send(batch, conduct));
      else await send(batch, conduct);
    },
    async resend(id, to) {
      const one = sent.find(({ event }) => event.id === id);
      if (!one) throw new NotFoundError("Event", id);
      const answers: number[] = [];
      for (const endpoint of to ? [to] : endpointsOf(one)) answers.push(await post(one, endpoint, conduct));
      return answers;
    },
    setEndpoint,
    setConduct: (wanted) => void (conduct = wanted),
    list: () => sent,
  };
}

const isTaken = (status: number) => status >= 200 && status < 300;

function sentEvent(book: Book, what: { type: string; object: object; conduct: Conduct }): SentEvent {
  const { account, liveMode, isConnected } = book;
  const event: StripeEvent = {
    id: stripeId("evt"),
    object: "event",
    api_version: "2026-10-28.endive",
    created: nowS(),
    livemode: what.conduct.otherMode ? !liveMode : liveMode,
    type: what.type,
    ...(isConnected && { account: account.id }),
    data: { object: structuredClone(what.object) },
  };
  return { accountId: account.id, event, answers: [] };
}

/** Stripe's scheme: HMAC-SHA256 over `<seconds>.<body>`, by each secret that is valid. */
function signedMessage(event: StripeEvent, { secret, otherSecret }: Endpoint, how: Conduct) {
  const body = JSON.stringify(event);
  const at = nowS() - how.ageSeconds;
  const sign = (by: string) => createHmac("sha256", by).update(`${at}.${body}`).digest("hex");
  const secrets =
    how.signature === "wrong" ? ["whsec_not_the_one"] : [secret, otherSecret].filter((one) => one !== undefined);
  const signature = [`t=${at}`, ...secrets.map((one) => `v1=${sign(one)}`)].join(",");
  return {
    body,
    headers: {
      "content-type": "application/json; charset=utf-8",
      "user-agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
      ...(how.signature !== "none" && { "stripe-signature": signature }),
    },
  };
}
