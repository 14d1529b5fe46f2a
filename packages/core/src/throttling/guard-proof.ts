import { type Ctx, actorName } from "../ctx.ts";
import { guardGuesses } from "./guard-guesses.ts";

/**
 * Make an attempt to prove something beside the password of a sign-in: a second factor, a mailed token, the password
 * once more. Wrong ones count for the member who is signed in, in this network; for the network alone where nobody is.
 */
export function guardProof<Result>(ctx: Ctx, network: string, attempt: () => Promise<Result>): Promise<Result> {
  const key =
    ctx.actor.kind === "member"
      ? ctx.vault.lookup("throttle-proof", `${actorName(ctx.actor)}\0${network}`)
      : ctx.vault.lookup("throttle-network", network);
  return guardGuesses(ctx, [key], attempt);
}
