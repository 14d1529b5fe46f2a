import type { Account, Provider } from "@reminder-app/channels/accounts";
import type { Ctx } from "../ctx.ts";
import { openAccount } from "./account.ts";
import { credentialRepo } from "./credentials.repo.ts";

/** By which account a business sends, and since when. */
export interface OwnAccount {
  /** Undefined: by the installation's. */
  readonly account: Account | undefined;
  /** The last change; undefined where there never was an account. */
  readonly since: Date | undefined;
}

/** For the parts of the system that send and verify; the secret is in clear. */
export async function findAccount(ctx: Ctx, provider: Provider): Promise<OwnAccount> {
  const row = await credentialRepo(ctx).find(provider);
  return { account: row && openAccount(ctx, row), since: row?.updatedAt };
}
