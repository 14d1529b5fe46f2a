import { timingSafeEqual } from "node:crypto";
import type { Vault } from "@reminder-app/platform/crypto";
import { type Id, formatUuid, parseUuid } from "@reminder-app/platform/ids";

const PURPOSE = "unsubscribe";
const ID_BYTES = 16;
const HMAC_BYTES = 32;
const TOKEN = /^[\w-]{86}$/;

/** Which message a link stands in, and so which address of whom it is about. */
interface LinkedDelivery {
  readonly businessId: Id<"Business">;
  readonly deliveryId: Id<"Delivery">;
}

/** Where a message's recipient opts out with one click (RFC 8058). Nothing is stored: the link proves itself. */
export function unsubscribeUrl(
  { vault, publicUrl }: { vault: Vault; publicUrl: string },
  linked: LinkedDelivery,
): string {
  const ids = [linked.businessId, linked.deliveryId].map(parseUuid);
  const proof = vault.lookup(PURPOSE, provenText(linked));
  return `${publicUrl.replace(/\/+$/, "")}/u/${Buffer.concat([...ids, proof]).toString("base64url")}`;
}

/** What a link's token is about; undefined when it is not one of ours, under any look-up key. */
export function readUnsubscribeToken(vault: Vault, token: string): LinkedDelivery | undefined {
  if (!TOKEN.test(token)) return undefined;
  const bytes = Buffer.from(token, "base64url");
  // The last character has bits to spare: of several spellings only ours counts.
  if (bytes.length !== 2 * ID_BYTES + HMAC_BYTES || bytes.toString("base64url") !== token) return undefined;
  const linked = {
    businessId: formatUuid(bytes.subarray(0, ID_BYTES)) as Id<"Business">,
    deliveryId: formatUuid(bytes.subarray(ID_BYTES, 2 * ID_BYTES)) as Id<"Delivery">,
  };
  const proof = bytes.subarray(2 * ID_BYTES);
  return vault.lookups(PURPOSE, provenText(linked)).some((ours) => timingSafeEqual(ours, proof)) ? linked : undefined;
}

function provenText({ businessId, deliveryId }: LinkedDelivery): string {
  return `${businessId}.${deliveryId}`;
}
