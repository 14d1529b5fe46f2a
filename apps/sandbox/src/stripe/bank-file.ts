import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Bank, Book, Kept } from "./bank.ts";

const shelves = ["checkouts", "intents", "charges", "refunds", "disputes"] as const;

/** A book with its shelves as lists of pairs. */
type Written = Pick<Book, "liveMode" | "isConnected"> & {
  readonly accountId: string;
} & Readonly<Record<(typeof shelves)[number], readonly (readonly [string, never])[]>>;

/** What `writeBank` has written there; undefined where there is nothing. */
export function readBank(path: string | undefined): Kept | undefined {
  if (path === undefined || !existsSync(path)) return undefined;
  const { books, ...kept } = JSON.parse(readFileSync(path, "utf8")) as Omit<Kept, "books"> & { books: Written[] };
  const accounts = new Map(kept.accounts.map((account) => [account.id, account]));
  return { ...kept, books: books.flatMap((book) => bookOf(book, accounts.get(book.accountId))) };
}

function bookOf({ accountId: _, ...written }: Written, account: Book["account"] | undefined): Book[] {
  if (!account) return [];
  const { checkouts, intents, charges, refunds, disputes } = written;
  const maps = {
    checkouts: new Map(checkouts),
    intents: new Map(intents),
    charges: new Map(charges),
    refunds: new Map(refunds),
    disputes: new Map(disputes),
  };
  return [{ ...written, ...maps, account }];
}

/** Replace the file by all that the accounts have now. What is cut off half way leaves the file as it was. */
export function writeBank(path: string, bank: Bank): void {
  const books = bank.books().map(({ account, liveMode, isConnected, ...book }) => ({
    accountId: account.id,
    liveMode,
    isConnected,
    ...Object.fromEntries(shelves.map((shelf) => [shelf, [...book[shelf]]])),
  }));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, JSON.stringify({ accounts: bank.accounts(), connected: bank.connected(), books }));
  renameSync(`${path}.new`, path);
}
