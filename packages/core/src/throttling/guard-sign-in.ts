import type { SystemCtx } from "../ctx.ts";
import { emailLookup } from "../members/credentials.ts";
import { guardGuesses } from "./guard-guesses.ts";
import { throttleRepo } from "./throttles.repo.ts";

/** Who tries to sign in, and from where. */
export interface SignInAttempt {
  readonly email: string;
  /** An IPv4 address, or the first 64 bits of an IPv6 one. */
  readonly network: string;
}

/**
 * Make a sign-in unless too many before it failed, see {@link guardGuesses}. Failures count for the account, whether
 * it exists or not, and for the network. So that no stranger can keep its owner out, that is not so for a network from
 * which the account was signed in to before: there, failures count for just this account from this network.
 * A success forgets those; it never lowers the other two, or a guesser could sign in as himself to start afresh.
 */
export async function guardSignIn<Result>(
  system: SystemCtx,
  attempt: SignInAttempt,
  signIn: () => Promise<Result>,
): Promise<Result> {
  const keys = keysOf(system, attempt);
  const known = await throttleRepo(system.db).find(keys.known);
  const done = await guardGuesses(system, known ? [keys.pair] : [keys.account, keys.network], signIn);
  if (known) await throttleRepo(system.db).clear(keys.pair);
  await rememberNetwork(system, attempt);
  return done;
}

/** From now on the account's owner is known in this network: who proved to read the account's mail is, too. */
export async function rememberNetwork(system: SystemCtx, attempt: SignInAttempt): Promise<void> {
  await throttleRepo(system.db).mark(keysOf(system, attempt).known, system.now());
}

function keysOf({ vault }: SystemCtx, { email, network }: SignInAttempt) {
  const account = emailLookup(email);
  const key = (kind: string, value: string) => vault.lookup(`throttle-${kind}`, value);
  return {
    account: key("account", account),
    network: key("network", network),
    pair: key("pair", `${account}\0${network}`),
    known: key("known", `${account}\0${network}`),
  };
}
