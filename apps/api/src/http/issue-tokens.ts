import type { SignedIn } from "@reminder-app/core/members/open-session";
import type { z } from "zod";
import type { tokensSchema } from "../schemas.ts";
import type { Deps } from "./endpoint.ts";
import { ACCESS_SECONDS } from "./tokens.ts";

/** The tokens of a session that was opened or renewed, as they are answered. */
export async function issueTokens(
  { tokens }: Pick<Deps, "tokens">,
  signedIn: SignedIn,
): Promise<z.output<typeof tokensSchema>> {
  return {
    accessToken: await tokens.issue(signedIn),
    tokenType: "Bearer",
    expiresIn: ACCESS_SECONDS,
    refreshToken: signedIn.refreshToken,
  };
}
