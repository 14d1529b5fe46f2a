import type { Account, Provider } from "@reminder-app/channels/accounts";
import { findAccount } from "@reminder-app/core/credentials/find-account";
import { type Ctx, actFor } from "@reminder-app/core/ctx";
import { NotFoundError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import type { Request } from "express";
import type { Deps } from "../http/endpoint.ts";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

type OwnAccount<P extends Provider> = Extract<Account, { readonly provider: P }>;

export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** The account of the business that a webhook's path names. Throws `not_found` when it has none. */
export async function requireOwnAccount<P extends Provider>(
  { system }: Pick<Deps, "system">,
  req: Request,
  provider: P,
): Promise<{ ctx: Ctx; account: OwnAccount<P> }> {
  const businessId = String(req.params["businessId"]);
  const ctx = actFor(system, businessId.toLowerCase() as Id<"Business">, "webhook");
  const account = isUuid(businessId) ? await ownAccount(ctx, provider) : undefined;
  if (!account) throw new NotFoundError("Page", req.path);
  return { ctx, account };
}

export async function ownAccount<P extends Provider>(ctx: Ctx, provider: P): Promise<OwnAccount<P> | undefined> {
  const { account } = await findAccount(ctx, provider);
  return account?.provider === provider ? (account as OwnAccount<P>) : undefined;
}
