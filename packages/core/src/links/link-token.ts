import { type Vault, sha256 } from "@reminder-app/platform/crypto";
import type { ClientLink } from "./client-links.repo.ts";

type Named = Pick<ClientLink, "id" | "purpose">;

/** 32 bytes in base64url. */
const TOKEN = /^[\w-]{43}$/;

/** The secret of a new link. It follows from the link's id, so that it can be written into every message without being kept. */
export function newLinkToken(vault: Vault, { purpose, id }: Named): string {
  return vault.lookup(kindOf(purpose), id).toString("base64url");
}

/** The secret of a stored link, under whichever look-up key it was made; undefined once that key was retired. */
export function linkTokenOf(vault: Vault, link: Named & Pick<ClientLink, "tokenHash">): string | undefined {
  return vault
    .lookups(kindOf(link.purpose), link.id)
    .map((hmac) => hmac.toString("base64url"))
    .find((token) => sha256(token).equals(link.tokenHash));
}

/** What a token is found by; undefined for what no link has. */
export function linkTokenHash(token: string): Buffer | undefined {
  return TOKEN.test(token) ? sha256(token) : undefined;
}

/** Where a link's token leads. */
export function linkUrl(publicUrl: string, token: string): string {
  return `${publicUrl.replace(/\/+$/, "")}/p/${token}`;
}

/** Where the token of a link to one document leads. */
export function documentLinkUrl(publicUrl: string, token: string): string {
  return `${publicUrl.replace(/\/+$/, "")}/d/${token}`;
}

function kindOf(purpose: ClientLink["purpose"]): string {
  return `link-${purpose}`;
}
