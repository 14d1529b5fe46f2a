import { randomBytes } from "node:crypto";
import { NotFoundError } from "@reminder-app/platform/errors";
import { z } from "zod";
import { type Access, type Bank, type Book, noAccess } from "./bank.ts";
import type { Events } from "./events.ts";
import { StripeFailure } from "./failure.ts";
import { type Account, nowS } from "./objects.ts";
import { parsed } from "./params.ts";

const accountParams = z.strictObject({ type: z.enum(["standard", "express"]), email: z.email().optional() });
const linkParams = z.strictObject({
  account: z.string(),
  type: z.literal("account_onboarding"),
  refresh_url: z.url(),
  return_url: z.url(),
});
const LINK_S = 300;

/** An address at which an account is completed, once. */
interface OnboardingLink {
  readonly book: Book;
  readonly refreshUrl: string;
  readonly returnUrl: string;
  isUsed: boolean;
}

export interface Accounts {
  create(access: Access, params: unknown): Account;
  /** The key's own, or one that the platform made. */
  get(access: Access, id: string): Account;
  createLink(access: Access, asked: { readonly params: unknown; readonly address: string }): object;
  /** Throws `not_found`. */
  link(token: string): OnboardingLink;
  complete(link: OnboardingLink): Promise<void>;
}

export function createAccounts(bank: Bank, events: Events): Accounts {
  const links = new Map<string, OnboardingLink>();
  return {
    create(access, params) {
      requirePlatform(access);
      return bank.createAccount(parsed(accountParams, params).email ?? null);
    },
    get({ book, isPlatform }, id) {
      if (book.account.id === id) return book.account;
      if (!isPlatform || !bank.isConnected(id)) throw noAccess(id);
      return bank.account(id);
    },
    createLink(access, { params, address }) {
      requirePlatform(access);
      const asked = parsed(linkParams, params);
      if (!bank.isConnected(asked.account)) throw noAccess(asked.account);
      const token = randomBytes(12).toString("hex");
      const book = bank.bookOf(asked.account, access.book.liveMode);
      links.set(token, { book, refreshUrl: asked.refresh_url, returnUrl: asked.return_url, isUsed: false });
      const url = `${address}/setup/s/${asked.account}/${token}`;
      return { object: "account_link", created: nowS(), expires_at: nowS() + LINK_S, url };
    },
    link(token) {
      const link = links.get(token);
      if (!link) throw new NotFoundError("Link", token);
      return link;
    },
    async complete(link) {
      link.isUsed = true;
      await setCharges(link.book, events, true);
    },
  };
}

/** The account can take payments, or cannot any more. */
export async function setCharges(book: Book, events: Events, enabled: boolean): Promise<void> {
  const { account } = book;
  account.charges_enabled = enabled;
  account.payouts_enabled = enabled;
  account.details_submitted = true;
  await events.publish(book, [["account.updated", account]]);
}

function requirePlatform({ isPlatform }: Access): void {
  const message = "You can only create new accounts if you've signed up for Connect.";
  if (!isPlatform) throw new StripeFailure({ status: 400, message });
}
