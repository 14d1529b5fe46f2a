import { AppError } from "@reminder-app/platform/errors";
import { newId } from "@reminder-app/platform/ids";
import { givenBusiness } from "@reminder-app/testing/given-business";
import { expect, test } from "vitest";
import { forgetThrottles } from "./forget-throttles.ts";
import { guardProof } from "./guard-proof.ts";
import { guardSignIn, rememberNetwork } from "./guard-sign-in.ts";
import { limitRegistrations } from "./limit-registrations.ts";
import { throttleRepo } from "./throttles.repo.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
let made = 0;

/** Someone's account, a clock, and sign-ins to it from networks that no other test uses. */
async function givenSignIns(now = "2027-03-01T12:00:00Z") {
  const { system, clock, ctx } = await givenBusiness({ now });
  const account = `${newId().slice(-12)}@firms.example`;
  made += 1;
  const run = `${newId().slice(-12)}-${made}`;
  const networkOf = (name: string) => `${name}-${run}`;
  const attempts: string[] = [];

  async function attempt(password: string, { from = "home", email = account } = {}): Promise<string> {
    try {
      return await guardSignIn(system, { email, network: networkOf(from) }, async () => {
        attempts.push(password);
        if (password !== "right") throw new AppError("invalid_credentials", "wrong");
        return "in";
      });
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      return thrown.code === "rate_limited" ? `wait ${thrown.retryAfterMs}` : thrown.code;
    }
  }
  /** Guess until the guesses have to wait `seconds`. */
  async function guessUntilWait(seconds: number, options: { from?: string; email?: string } = {}): Promise<void> {
    for (let guesses = 0; guesses < 60; guesses += 1) {
      const said = await attempt("guess", options);
      const waitMs = Number(said.split(" ")[1] ?? 0);
      if (waitMs === seconds * SECOND) return;
      clock.advance(waitMs);
    }
    throw new Error(`The guesses never had to wait ${seconds} s`);
  }
  return { system, ctx, clock, account, attempt, attempts, guessUntilWait, networkOf };
}

test("after five failures an account waits 1 s, 2 s, 4 s and so on up to a quarter of an hour, and no password is checked meanwhile (S12)", async () => {
  const { attempt, attempts, clock } = await givenSignIns();
  for (let failed = 0; failed < 5; failed += 1) expect(await attempt("guess")).toBe("invalid_credentials");
  const waits: number[] = [];
  for (let round = 0; round < 12; round += 1) {
    const refused = await attempt("guess", { from: `network-${round}` });
    const waitMs = Number(refused.split(" ")[1]);
    waits.push(waitMs / SECOND);
    const checked = attempts.length;
    clock.advance(waitMs - 1);
    expect(await attempt("right", { from: `network-${round}` })).toBe("wait 1");
    expect(attempts.length).toBe(checked);
    clock.advance(1);
    expect(await attempt("guess", { from: `other-network-${round}` })).toBe("invalid_credentials");
  }
  expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
});

test("a network that guesses at many accounts waits in the same way (S12)", async () => {
  const { attempt, guessUntilWait } = await givenSignIns();
  for (let failed = 0; failed < 5; failed += 1)
    expect(await attempt("guess", { email: `nobody-${failed}-${newId()}@firms.example` })).toBe("invalid_credentials");
  expect(await attempt("right")).toBe("wait 1000");
  await guessUntilWait(900, { email: `nobody-${newId()}@firms.example` });
  expect(await attempt("right", { from: "elsewhere" })).toBe("in");
});

test("of fifty guesses side by side five are made, and no more are counted (S12)", async () => {
  const { attempt, attempts, clock } = await givenSignIns();
  const said = await Promise.all(
    Array.from({ length: 50 }, (_none, index) => attempt("guess", { from: `bot-${index}` })),
  );
  expect(said.filter((answer) => answer === "invalid_credentials")).toHaveLength(5);
  expect(said.filter((answer) => answer === "wait 1000")).toHaveLength(45);
  expect(attempts).toHaveLength(5);
  clock.advance(SECOND);
  const second = await Promise.all(
    Array.from({ length: 50 }, (_none, index) => attempt("guess", { from: `bot-${index}` })),
  );
  expect(second.filter((answer) => answer === "invalid_credentials")).toHaveLength(1);
  expect(second.filter((answer) => answer === "wait 2000")).toHaveLength(49);
});

test("a stranger who guesses without end does not keep the owner out of the network he signed in from before (S12)", async () => {
  const { attempt, guessUntilWait, account, system, networkOf } = await givenSignIns();
  expect(await attempt("right", { from: "home" })).toBe("in");
  await guessUntilWait(900, { from: "elsewhere" });
  expect(await attempt("right", { from: "home" })).toBe("in");
  expect(await attempt("right", { from: "travelling" })).toBe("wait 900000");

  await rememberNetwork(system, { email: account, network: networkOf("travelling") });
  expect(await attempt("right", { from: "travelling" })).toBe("in");
});

test("guessing at others' accounts in the owner's own network does not keep him out either (S12)", async () => {
  const { attempt, guessUntilWait } = await givenSignIns();
  expect(await attempt("right", { from: "cafe" })).toBe("in");
  await guessUntilWait(900, { from: "cafe", email: `another-${newId()}@firms.example` });
  expect(await attempt("right", { from: "cafe" })).toBe("in");
});

test("whoever guesses in a network from which the account was used waits as well (S12)", async () => {
  const { attempt, guessUntilWait } = await givenSignIns();
  expect(await attempt("right")).toBe("in");
  await guessUntilWait(900);
  expect(await attempt("right")).toBe("wait 900000");
});

test("a success forgets the typing errors before it, but signing in as oneself lowers no count of others (S12)", async () => {
  const { attempt, clock } = await givenSignIns();
  const guesser = { from: "bot", email: `guesser-${newId()}@firms.example` };
  expect(await attempt("right", guesser)).toBe("in");
  for (let failed = 0; failed < 4; failed += 1) await attempt("guess", { from: "bot" });
  expect(await attempt("right", guesser)).toBe("in");
  await attempt("guess", { from: "bot" });
  expect(await attempt("guess", { from: "bot" })).toBe("wait 1000");

  clock.advance(2 * HOUR);
  for (let round = 0; round < 3; round += 1) {
    for (let failed = 0; failed < 4; failed += 1) expect(await attempt("typo")).toBe("invalid_credentials");
    expect(await attempt("right")).toBe("in");
  }
});

test("an hour after the last failure all is forgotten (S12)", async () => {
  const { attempt, guessUntilWait, clock } = await givenSignIns();
  await guessUntilWait(64);
  clock.advance(HOUR - 1);
  await attempt("guess");
  expect(await attempt("guess")).toBe("wait 128000");
  clock.advance(HOUR);
  for (let failed = 0; failed < 5; failed += 1) expect(await attempt("guess")).toBe("invalid_credentials");
  expect(await attempt("guess")).toBe("wait 1000");
});

test("what fails for another reason than a wrong guess is not counted (S12)", async () => {
  const { system, account, networkOf, attempt } = await givenSignIns();
  const busy = () => Promise.reject(new AppError("busy", "later"));
  for (let tried = 0; tried < 10; tried += 1)
    await expect(guardSignIn(system, { email: account, network: networkOf("home") }, busy)).rejects.toThrow("later");
  expect(await attempt("right")).toBe("in");
});

test("proofs beside the password wait for whoever is signed in, and for nobody else (S12)", async () => {
  const { ctx, system, networkOf } = await givenSignIns();
  const wrong = () => Promise.reject(new AppError("invalid_credentials", "wrong"));
  const other = { ...ctx, actor: { kind: "member" as const, memberId: newId<"Member">(), role: "owner" as const } };
  for (let failed = 0; failed < 5; failed += 1)
    await expect(guardProof(ctx, networkOf("home"), wrong)).rejects.toMatchObject({ code: "invalid_credentials" });
  await expect(guardProof(ctx, networkOf("home"), wrong)).rejects.toMatchObject({ code: "rate_limited" });
  expect(await guardProof(other, networkOf("home"), async () => "proven")).toBe("proven");

  const nobody = { ...system, businessId: ctx.businessId, actor: { kind: "system" as const, job: "public" } };
  for (let failed = 0; failed < 5; failed += 1)
    await expect(guardProof(nobody, networkOf("bot"), wrong)).rejects.toMatchObject({ code: "invalid_credentials" });
  await expect(guardProof(nobody, networkOf("bot"), wrong)).rejects.toMatchObject({ code: "rate_limited" });
});

test("a network registers five times in whatever hour one looks at, also side by side (S12)", async () => {
  const { system, clock, networkOf } = await givenSignIns();
  const register = (from: string) =>
    limitRegistrations(system, networkOf(from)).then(
      () => "in",
      () => "refused",
    );
  expect(await register("office")).toBe("in");
  clock.advance(59 * MINUTE);
  const many = await Promise.all(Array.from({ length: 50 }, () => register("office")));
  expect(many.filter((answer) => answer === "in")).toHaveLength(4);
  clock.advance(MINUTE);
  expect([await register("office"), await register("office")]).toEqual(["in", "refused"]);
  expect(await register("another-office")).toBe("in");
  await expect(limitRegistrations(system, networkOf("office"))).rejects.toMatchObject({
    code: "rate_limited",
    retryAfterMs: 59 * MINUTE,
  });
});

test("no address or e-mail is stored in what is counted, and old counts are deleted while known networks stay for 90 days (S12)", async () => {
  // Long ago, so that what other tests count is not deleted.
  const { system, account, networkOf, attempt, clock } = await givenSignIns("2001-01-01T12:00:00Z");
  await attempt("right", { from: "home" });
  await attempt("guess", { from: "bot" });
  const counted = system.vault.lookup("throttle-network", networkOf("bot"));
  const known = system.vault.lookup("throttle-known", `${account}\0${networkOf("home")}`);
  const isThere = async (key: Buffer) => (await throttleRepo(system.db).find(key)) !== undefined;
  expect([await isThere(counted), await isThere(known)]).toEqual([true, true]);

  const forget = async () => {
    while ((await forgetThrottles({ db: system.db, now: clock.now })) > 0);
  };
  clock.advance(25 * HOUR);
  await forget();
  expect([await isThere(counted), await isThere(known)]).toEqual([false, true]);
  clock.advance(90 * 24 * HOUR);
  await forget();
  expect(await isThere(known)).toBe(false);
});
