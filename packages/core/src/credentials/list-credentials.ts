import { providerOf } from "@reminder-app/channels/accounts";
import { channelKinds } from "@reminder-app/platform/channel-kinds";
import { type Ctx, isOnTestClock, requireRole } from "../ctx.ts";
import type { ChannelsOff } from "../reminders/require-channels.ts";
import { type CredentialView, isRemoved, viewCredential } from "./account.ts";
import { type Credential, credentialRepo } from "./credentials.repo.ts";

/** The business's own accounts, without their secrets. */
export async function listCredentials(ctx: Ctx): Promise<{ items: CredentialView[] }> {
  requireRole(ctx, "admin", "see provider accounts");
  return { items: (await present(ctx)).map(viewCredential) };
}

/** Which channels a business cannot use: those of `off` for which it has no account of its own. */
export async function channelsOffFor(ctx: Ctx, off: ChannelsOff): Promise<ChannelsOff> {
  if (off.size === 0) return off;
  // Its messages go nowhere, by whatever channel.
  if (isOnTestClock(ctx)) return new Map();
  const own = new Set((await present(ctx)).map(({ provider }) => provider));
  return new Map(
    channelKinds.flatMap((kind) => {
      const reason = own.has(providerOf[kind]) ? undefined : off.get(kind);
      return reason === undefined ? [] : [[kind, reason] as const];
    }),
  );
}

async function present(ctx: Ctx): Promise<Credential[]> {
  return (await credentialRepo(ctx).list()).filter((row) => !isRemoved(row));
}
