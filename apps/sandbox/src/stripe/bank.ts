import { timingSafeEqual } from "node:crypto";
import { StripeFailure, missing } from "./failure.ts";
import {
  type Account,
  type Charge,
  type Dispute,
  type Intent,
  type Refund,
  type Session,
  nowS,
  stripeId,
} from "./objects.ts";

/** A session with what its page shows, which its object does not. */
export interface Checkout {
  readonly session: Session;
  readonly lines: readonly { readonly name: string; readonly amount: number }[];
  readonly paymentMetadata: Readonly<Record<string, string>>;
}

/** What one account has in one mode. Nobody else's calls reach it. */
export interface Book {
  readonly account: Account;
  readonly liveMode: boolean;
  /** Whether the platform made the account. */
  readonly isConnected: boolean;
  readonly checkouts: Map<string, Checkout>;
  readonly intents: Map<string, Intent>;
  readonly charges: Map<string, Charge>;
  readonly refunds: Map<string, Refund>;
  readonly disputes: Map<string, Dispute>;
}

/** On whose behalf a call is made. */
export interface Access {
  readonly book: Book;
  /** By the platform's key; `book` is a connected account's where the call names one. */
  readonly isPlatform: boolean;
}

/** What an earlier run has left. */
export interface Kept {
  readonly books: readonly Book[];
  readonly accounts: readonly Account[];
  readonly connected: readonly string[];
}

export interface Bank {
  /** Throws what Stripe answers to a bad key, or to an account that the key does not reach. */
  open(key: string | undefined, accountId: string | undefined): Access;
  createAccount(email: string | null): Account;
  /** Any account, made when it is first named. */
  account(id: string): Account;
  isConnected(id: string): boolean;
  /** The platform's key reaches it no more. */
  disconnect(id: string): void;
  books(): readonly Book[];
  accounts(): readonly Account[];
  /** The ids of those that the platform made. */
  connected(): readonly string[];
  bookOf(accountId: string, liveMode: boolean): Book;
}

const KEY = /^(?:sk|rk)_(test|live)_([\w-]+?)(?:_[\w-]+)?$/;

/**
 * All accounts. Any key opens one: the word after its mode names the account, so that `sk_test_harbour` and
 * `rk_test_harbour_2` open the same one. A key with `invalid` in it opens none.
 */
export function createBank(platformKey: string, kept: Kept = { books: [], accounts: [], connected: [] }): Bank {
  const accounts = new Map(kept.accounts.map((account) => [account.id, account]));
  const connected = new Set(kept.connected);
  const books = new Map(kept.books.map((book) => [`${book.account.id}/${book.liveMode}`, book]));

  function account(id: string): Account {
    const known = accounts.get(id);
    if (known) return known;
    const made = anAccount(id, { isComplete: true, email: null });
    accounts.set(id, made);
    return made;
  }

  function bookOf(accountId: string, liveMode: boolean): Book {
    const key = `${accountId}/${liveMode}`;
    const known = books.get(key);
    if (known) return known;
    const isConnected = connected.has(accountId);
    const made = { account: account(accountId), liveMode, isConnected, ...emptyShelves() };
    books.set(key, made);
    return made;
  }

  return {
    open(key, accountId) {
      const [, mode, name = ""] = KEY.exec(key ?? "") ?? [];
      if (key === undefined || mode === undefined || name.includes("invalid")) throw badKey(key);
      const isPlatform = isEqual(key, platformKey);
      if (accountId !== undefined && !(isPlatform && connected.has(accountId))) throw noAccess(accountId);
      return { isPlatform, book: bookOf(accountId ?? `acct_${isPlatform ? "platform" : name}`, mode === "live") };
    },
    createAccount(email) {
      const made = anAccount(stripeId("acct"), { isComplete: false, email });
      accounts.set(made.id, made);
      connected.add(made.id);
      return made;
    },
    account,
    isConnected: (id) => connected.has(id),
    disconnect: (id) => void connected.delete(id),
    books: () => [...books.values()],
    accounts: () => [...accounts.values()],
    connected: () => [...connected],
    bookOf,
  };
}

/** Throws what Stripe answers about an id that it does not know. */
export function find<Kept>(kept: ReadonlyMap<string, Kept>, what: string, id: string): Kept {
  const found = kept.get(id);
  if (!found) throw missing(what, id);
  return found;
}

function emptyShelves() {
  return { checkouts: new Map(), intents: new Map(), charges: new Map(), refunds: new Map(), disputes: new Map() };
}

function anAccount(id: string, { isComplete, email }: { isComplete: boolean; email: string | null }): Account {
  const state = { charges_enabled: isComplete, payouts_enabled: isComplete, details_submitted: isComplete };
  return { id, object: "account", type: "standard", created: nowS(), email, country: "GB", ...state };
}

function badKey(key: string | undefined): StripeFailure {
  const message =
    key === undefined ? "You did not provide an API key." : `Invalid API Key provided: ${key.slice(0, 8)}****`;
  return new StripeFailure({ status: 401, message });
}

/** What Stripe answers to a key about an account that is not its own. */
export function noAccess(id: string): StripeFailure {
  const message = `The provided key does not have access to account '${id}' (or that account does not exist).`;
  return new StripeFailure({ status: 403, code: "account_invalid", message });
}

function isEqual(one: string, other: string): boolean {
  const [first, second] = [Buffer.from(one), Buffer.from(other)];
  return first.length === second.length && timingSafeEqual(first, second);
}
