import fc, { type GeneratorValue } from "fast-check";
import type { Foreign } from "./check-answer.ts";
import { type Business, foundBusiness } from "./found-business.ts";
import { pick } from "./pick.ts";
import type { Operation } from "./read-operations.ts";
import type { Sender } from "./send-request.ts";
import type { World } from "./world.ts";

const memberRoles = ["admin", "staff", "viewer"] as const;
export type MemberRole = (typeof memberRoles)[number];

/** Who asks, with whose ids. */
export interface Actor {
  readonly name: string;
  readonly token: string | undefined;
  readonly world: World;
  /** Whose answer it is; undefined for strangers. */
  readonly business: Business | undefined;
}

/** A mail about an account. */
export interface Letter {
  readonly to: string;
  readonly text: string;
}

export interface CastOptions {
  readonly operations: readonly Operation[];
  readonly sender: Sender;
  readonly addMember?: ((businessId: string, role: MemberRole) => Promise<string>) | undefined;
}

/** Two businesses, and everyone who asks in their names or in none. */
export interface Cast {
  ours(): Business;
  theirs(): Business;
  memberToken(role: MemberRole): Promise<string | undefined>;
  addMember?: CastOptions["addMember"];
  /** What an answer to this actor must not have. */
  foreignTo(actor: Actor | undefined): Foreign;
  /** Learn the tokens of these letters, each for the business that it is about. */
  receive(letters: readonly Letter[]): void;
  /** The token of this actor was refused: sign in again, or found the business anew. */
  refused(actor: Actor): Promise<void>;
}

export async function createCast({ operations, sender, addMember }: CastOptions): Promise<Cast> {
  const found = (name: Business["name"]) => foundBusiness({ name, operations, sender });
  const businesses = { theirs: await found("theirs"), ours: await found("ours") };
  /** Those that could not go on are still nobody else's. */
  const all: Business[] = [businesses.theirs, businesses.ours];
  const tokens = new Map<string, string>();

  return {
    ours: () => businesses.ours,
    theirs: () => businesses.theirs,
    async memberToken(role) {
      if (!addMember) return undefined;
      const token = tokens.get(role) ?? (await addMember(businesses.ours.id, role));
      tokens.set(role, token);
      return token;
    },
    foreignTo(actor) {
      const others = all.filter((business) => business !== actor?.business);
      return {
        canaries: others.flatMap(({ canaries }) => canaries.planted),
        hasId: (id) => others.some(({ world }) => world.ids.has(id)) && !actor?.business?.world.ids.has(id),
      };
    },
    receive(letters) {
      for (const { to, text } of letters) {
        const [token] = /[\w-]{43}/.exec(text) ?? [];
        const about = all.find(({ canaries }) => canaries.planted.some((word) => `${to} ${text}`.includes(word)));
        if (token !== undefined) (about ?? businesses.ours).world.teach({ token });
      }
    },
    async refused({ token, business }) {
      if (!business || token === undefined) return;
      for (const role of memberRoles) if (tokens.get(role) === token) tokens.delete(role);
      if (token !== business.token || (await business.renew())) return;
      const anew = await found(business.name);
      all.push(anew);
      businesses[business.name] = anew;
      if (business.name === "ours") tokens.clear();
    },
  };
}

/** Mostly the owner of our business; at times a member, a stranger, the other business, or ours with the other's ids. */
export async function chooseActor(cast: Cast, draw: GeneratorValue): Promise<Actor> {
  const [ours, theirs] = [cast.ours(), cast.theirs()];
  const owner = { name: "the owner", token: ours.token, world: ours.world, business: ours };
  const choice = draw(fc.nat, { max: 99 });
  if (choice < 64) return owner;
  if (choice < 76) {
    const role = pick(draw, memberRoles);
    const token = await cast.memberToken(role);
    return token === undefined ? owner : { ...owner, name: `a member with the role ${role}`, token };
  }
  if (choice < 82) {
    const key = ours.world.wordOf("key", draw(fc.nat));
    return key === undefined ? owner : { ...owner, name: "an API key", token: key };
  }
  if (choice < 88) {
    const world = { ...ours.world, bindingOf: theirs.world.bindingOf };
    return { ...owner, name: "the owner, with ids of another business", world };
  }
  if (choice < 95) return { name: "the other business", token: theirs.token, world: theirs.world, business: theirs };
  return { name: "nobody", token: undefined, world: ours.world, business: ours };
}
