import { timingSafeEqual } from "node:crypto";
import { guardGuesses } from "@reminder-app/core/throttling/guard-guesses";
import { useOnce } from "@reminder-app/core/throttling/use-once";
import { MINUTE_MS } from "@reminder-app/platform/clock";
import { sha256 } from "@reminder-app/platform/crypto";
import { AppError } from "@reminder-app/platform/errors";
import type { Settings } from "@reminder-app/platform/settings";
import { matchTotp } from "@reminder-app/platform/totp";
import { type Request, Router } from "express";
import { z } from "zod";
import type { Deps } from "../http/endpoint.ts";
import { networkOf } from "../http/network.ts";
import { requestIdOf } from "../http/problem.ts";
import { html, pageForm, pageHeaders, renderPage } from "../pages/page.ts";
import type { OpsSessions } from "./ops-session.ts";

export const SIGN_IN_PATH = "/ops/sign-in";
/** A code is looked for one step of 30 s before and after now, so it cannot come back later than this. */
const CODE_LIFE_MS = 2 * MINUTE_MS;

/** Where ops sign in to the board, with the password of the configuration and a code of the second factor. */
export function opsSignIn({ system, log }: Pick<Deps, "system" | "log">, settings: Settings, sessions: OpsSessions) {
  const check = credentialCheck(system, settings);
  const guarded = (req: Request) => {
    if (!settings.ABUSE_LIMITS) return check(req.body);
    return guardGuesses(system, [system.vault.lookup("throttle-ops", networkOf(req))], () => check(req.body));
  };

  const router = Router();
  router.use(["/ops/sign-in", "/ops/sign-out"], pageHeaders);
  router.get(SIGN_IN_PATH, (req, res) => {
    res.type("html").send(sessions.isSignedIn(req, system.now()) ? signedInPage() : form());
  });
  router.post(SIGN_IN_PATH, pageForm, async (req, res) => {
    const fault = await guarded(req).then(() => undefined, wrongOnly);
    log.warn({ request: requestIdOf(res), code: fault?.code ?? "ok" }, "ops signs in");
    if (fault) return res.status(401).type("html").send(form(fault.message));
    res.cookie(sessions.cookie, sessions.issue(system.now()), sessions.cookieOptions);
    return res.redirect(303, "/ops/queues");
  });
  router.post("/ops/sign-out", (_req, res) => {
    res.clearCookie(sessions.cookie, sessions.cookieOptions).redirect(303, SIGN_IN_PATH);
  });
  return router;
}

const Credential = z.object({ password: z.string(), code: z.string() });

/** Throws `invalid_credentials`, whatever was wrong. A code serves once. */
function credentialCheck(system: Deps["system"], { OPS_PASSWORD, OPS_TOTP_SECRET }: Settings) {
  return async (body: unknown): Promise<void> => {
    const given = Credential.safeParse(body);
    if (!given.success) throw wrong();
    const { password, code } = given.data;
    const matches = timingSafeEqual(sha256(password), sha256(OPS_PASSWORD ?? ""));
    const step = matchTotp(OPS_TOTP_SECRET ?? "", code.replaceAll(" ", ""), { at: system.now() });
    if (!matches || step === undefined) throw wrong();
    if (!(await useOnce(system, `ops-code\0${OPS_TOTP_SECRET}\0${step}`, CODE_LIFE_MS))) throw wrong();
  };
}

function wrong(): AppError {
  return new AppError("invalid_credentials", "The password or the code is wrong, or the code was used already");
}

function wrongOnly(thrown: unknown): AppError {
  if (thrown instanceof AppError && thrown.code === "invalid_credentials") return thrown;
  throw thrown;
}

function signedInPage(): string {
  return renderPage({
    title: "Queues",
    content: html`<p>You are signed in. <a href="/ops/queues">Look at the queues</a></p>
      <form method="post" action="/ops/sign-out"><button>Sign out</button></form>`,
  });
}

function form(fault?: string): string {
  return renderPage({
    title: "Queues",
    content: html`${fault === undefined ? undefined : html`<p class="fault">${fault}</p>`}
      <form method="post" action="${SIGN_IN_PATH}">
        <label>Ops password <input type="password" name="password" autocomplete="current-password" required /></label>
        <label>
          Code of the second factor
          <input name="code" inputmode="numeric" pattern="[0-9 ]{6,7}" autocomplete="one-time-code" required />
        </label>
        <button>Sign in</button>
      </form>`,
  });
}
