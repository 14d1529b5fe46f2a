import { acceptInvitation } from "@reminder-app/core/invitations/accept-invitation";
import { createInvitation } from "@reminder-app/core/invitations/create-invitation";
import { pageAudit } from "@reminder-app/core/audit/page-audit";
import { describeOffer } from "@reminder-app/core/invitations/describe-offer";
import type { Ctx, SystemCtx } from "@reminder-app/core/ctx";
import type { SignedIn } from "@reminder-app/core/members/open-session";
import { RegisterInput, register } from "@reminder-app/core/members/register";
import { type SignInRequest, signIn } from "@reminder-app/core/members/sign-in";
import { verifyEmail } from "@reminder-app/core/members/verify-email";
import type { Role } from "@reminder-app/db/schema/members";
import { AppError } from "@reminder-app/platform/errors";
import { type Id, newId } from "@reminder-app/platform/ids";
import { type TestClock, givenBusiness } from "./given-business.ts";
import { type GivenMail, readAccountMail } from "./given-mailbox.ts";

/** Somebody who signed in. */
export interface GivenPerson extends SignedIn {
  readonly email: string;
  readonly ctx: Ctx;
}

export interface GivenAccount {
  readonly system: SystemCtx;
  readonly clock: TestClock;
  readonly businessId: Id<"Business">;
  readonly owner: GivenPerson;
  /** What waits to be mailed to an address; each mail is read once. */
  mails(address: string): Promise<GivenMail[]>;
  /** The token of the newest of them. */
  tokenFor(address: string): Promise<string>;
  signIn(email: string, password?: string): Promise<GivenPerson>;
  /** Somebody who was invited by the owner, joined and signed in. */
  join(role: Role, email?: string): Promise<GivenPerson>;
  auditTrail(): Promise<string[]>;
}

export const accountPassword = "correct horse battery";

/** An address that no other test has. */
export function anAccountAddress(name = "sam"): string {
  return `${name}.${newId().slice(-12)}@firms.example`;
}

/** A business that somebody registered, who verified their address unless told otherwise. The clock is the test's. */
export async function givenAccount({ verified = true } = {}): Promise<GivenAccount> {
  const { system, clock } = await givenBusiness();
  const email = anAccountAddress("dana");
  const mails = (address: string) => readAccountMail(system, address);
  const tokenFor = async (address: string) => (await mails(address)).at(-1)?.token ?? "";

  await register(
    system,
    RegisterInput.parse({
      businessName: "Ledger & Sons",
      timeZone: "Europe/London",
      name: "Dana Lane",
      email,
      password: accountPassword,
    }),
  );
  if (verified) await verifyEmail(system, { token: await tokenFor(email) });
  const owner = await enter(system, { email, password: accountPassword });
  const signInHere: GivenAccount["signIn"] = (address, password = accountPassword) =>
    enter(system, { email: address, password, businessId: owner.businessId });

  return {
    system,
    clock,
    businessId: owner.businessId,
    owner,
    mails,
    tokenFor,
    signIn: signInHere,
    async join(role, address = anAccountAddress(role)) {
      await createInvitation(owner.ctx, { email: address, role, limitedToClients: false });
      const token = await tokenFor(address);
      const { hasAccount } = await describeOffer(system, token);
      await acceptInvitation(system, { token, ...(!hasAccount && { name: "Sam Reed", password: accountPassword }) });
      return signInHere(address);
    },
    async auditTrail() {
      const { items } = await pageAudit(owner.ctx, { limit: 100 });
      return items.map(({ action }) => action).toReversed();
    },
  };
}

async function enter(system: SystemCtx, as: Omit<SignInRequest, "userAgent">): Promise<GivenPerson> {
  const signedIn = await signIn(system, { ...as, userAgent: null });
  const { businessId, memberId, role } = signedIn;
  const ctx: Ctx = { ...system, businessId, actor: { kind: "member", memberId, role } };
  return { ...signedIn, email: as.email, ctx };
}

/** What became of something: `done`, or the code of its error. */
export async function outcomeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "done";
  } catch (thrown) {
    if (thrown instanceof AppError) return thrown.code;
    throw thrown;
  }
}
