import { type KeyScope, keyScopeNames } from "@reminder-app/core/api-keys/key-scopes";
import type { Role } from "@reminder-app/db/schema/members";
import { type GivenApi, type GivenCaller, type GivenFirm, password } from "./given-api.ts";
import { aKey } from "./given-objects.ts";
import type { Endpoint } from "./http/endpoint.ts";

/** Somebody or something that asks, and what it shows. */
export interface Actor {
  readonly name: string;
  /** Undefined when it cannot tell who it is. */
  readonly role?: Role;
  readonly limited?: boolean;
  readonly scopes?: (endpoint: Endpoint) => readonly KeyScope[];
  authorization(endpoint: Endpoint): string | undefined;
  /** Sign in again, after a session was ended. */
  renew?(): Promise<void>;
}

export interface Cast {
  readonly actors: readonly Actor[];
  readonly limitedId: string;
}

/** One actor for each way to ask a firm's API: nobody, each role, keys, and the credential of ops. */
export async function givenCast(api: GivenApi, firm: GivenFirm): Promise<Cast> {
  await firm.verify();
  const { settings } = api;
  const ops = Buffer.from(`${settings.OPS_USER}:${settings.OPS_PASSWORD}`).toString("base64");
  const limited = await firm.member("staff", { limited: true });
  const others = ["viewer", "staff", "admin", "owner"] as const;
  const members = await Promise.all(
    others.map(async (role) => memberActor(api, await firm.member(role), { name: role, role })),
  );
  const keys = await givenKeys(firm);
  return {
    limitedId: limited.id,
    actors: [
      { name: "nobody", authorization: () => undefined },
      { name: "ops", authorization: () => `Basic ${ops}` },
      ...members,
      memberActor(api, limited, { name: "limited staff", role: "staff", limited: true }),
      ...keys,
    ],
  };
}

function memberActor(
  api: GivenApi,
  { email, token: first }: GivenCaller,
  described: Pick<Actor, "name" | "role" | "limited">,
): Actor {
  let token = first;
  return {
    ...described,
    authorization: () => `Bearer ${token}`,
    async renew() {
      const login = await api.call("POST", "/v1/auth/login", { body: { email, password } });
      token = (login.body as { accessToken: string }).accessToken;
    },
  };
}

/** A key that has the scope which an endpoint names, and one that has all others. */
async function givenKeys(firm: GivenFirm): Promise<Actor[]> {
  const make = async (scopes: readonly KeyScope[]) =>
    ((await firm.post("/v1/api-keys", aKey({ scopes }))).body as { key: string }).key;
  const every = await make(keyScopeNames);
  const [fitting, other] = [new Map<string, string>(), new Map<string, string>()];
  for (const scope of keyScopeNames) {
    fitting.set(scope, await make([scope]));
    other.set(scope, await make(allBut(scope)));
  }
  const shown = (keys: ReadonlyMap<string, string>) => (endpoint: Endpoint) =>
    `Bearer ${keys.get(endpoint.scope ?? "") ?? every}`;
  return [
    {
      name: "key with the scope",
      role: "admin",
      scopes: ({ scope }) => (scope && scope !== "members" ? [scope] : keyScopeNames),
      authorization: shown(fitting),
    },
    {
      name: "key without the scope",
      role: "admin",
      scopes: ({ scope }) => allBut(scope),
      authorization: shown(other),
    },
  ];
}

function allBut(scope: string | undefined): KeyScope[] {
  return keyScopeNames.filter((name) => name !== scope);
}
