import { AppError } from "@reminder-app/platform/errors";
import { businessRepo } from "../businesses/businesses.repo.ts";
import { type Ctx, type SystemCtx, actFor, inTransaction } from "../ctx.ts";
import { deliveryRepo } from "../deliveries/deliveries.repo.ts";
import { type AddressOfDelivery, addressOfDelivery } from "./address-of-delivery.ts";
import { takeBackOptOut } from "./lift-suppression.ts";
import { maskAddress } from "./mask-address.ts";
import { suppressAddress } from "./suppress-address.ts";
import { suppressionRepo } from "./suppressions.repo.ts";
import { readUnsubscribeToken } from "./unsubscribe-link.ts";

/** What the page of an unsubscribe link tells. */
export interface Subscription {
  readonly businessName: string;
  /** Enough to know one's own address by, and not to learn another's; empty when the contact has another one now. */
  readonly maskedAddress: string | undefined;
  readonly subscribed: boolean;
}

const SOURCE = "unsubscribe-link";

/** What a link is about. Changes nothing: scanners open links. Throws `not_found` for a link that is not ours. */
export async function getSubscription(system: SystemCtx, token: string): Promise<Subscription> {
  const { ctx, address } = await open(system, token);
  return describe(ctx, address);
}

/** Opt the address that the message went to out of all email of this business. */
export async function unsubscribe(system: SystemCtx, token: string): Promise<Subscription> {
  const { ctx, address } = await open(system, token);
  const standing = await describe(ctx, address);
  if (!standing.subscribed) return standing;
  await suppressAddress(ctx, { ...address, reason: "opted_out", source: SOURCE });
  return describe(ctx, address);
}

/** Take the opt-out back. What others hold against the address, such as a bounce, stays. */
export async function subscribeAgain(system: SystemCtx, token: string): Promise<Subscription> {
  const { ctx, address } = await open(system, token);
  await inTransaction(ctx, (tx) => takeBackOptOut(tx, address, SOURCE));
  return describe(ctx, address);
}

async function open(system: SystemCtx, token: string): Promise<{ ctx: Ctx; address: AddressOfDelivery }> {
  const linked = readUnsubscribeToken(system.vault, token);
  if (!linked) throw unknownLink();
  const ctx = actFor(system, linked.businessId, SOURCE);
  const address = await addressOfDelivery(ctx, await deliveryRepo(ctx).get(linked.deliveryId));
  if (!address) throw unknownLink();
  return { ctx, address };
}

async function describe(ctx: Ctx, address: AddressOfDelivery): Promise<Subscription> {
  const standing = await suppressionRepo(ctx).activeAmong(address.hashes);
  const { name } = await businessRepo(ctx).get();
  return {
    businessName: name,
    maskedAddress: address.address && maskAddress(address.address),
    subscribed: !standing.some(({ channel, reason }) => channel === address.channel && reason === "opted_out"),
  };
}

function unknownLink(): AppError {
  return new AppError("not_found", "This link is not complete, or not one of ours");
}
