import { type Account, type Provider, providers, secretParts } from "@reminder-app/channels/accounts";
import { sealedColumns } from "@reminder-app/db/sealed-columns";
import type { Ctx } from "../ctx.ts";
import type { Credential } from "./credentials.repo.ts";

const LAST = 4;

/** An account as the business may see it. */
export interface CredentialView {
  readonly provider: Provider;
  readonly details: Readonly<Record<string, string>>;
  /** `…` and the last four characters of the secret. */
  readonly secret: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** An account taken apart: what may be shown, and what is sealed. */
export function takeApart({ provider, ...parts }: Account) {
  const isSecret = (name: string) => secretParts[provider].includes(name);
  const given = Object.entries(parts).filter(([, value]) => value !== undefined);
  const details = given.filter(([name]) => !isSecret(name)).map(([name, value]) => [name, String(value)] as const);
  const secrets: Readonly<Record<string, string>> = Object.fromEntries(
    given.filter(([name]) => isSecret(name)).map(([name, value]) => [name, String(value)]),
  );
  return {
    details: Object.fromEntries(details),
    secret: JSON.stringify(secrets),
    lastFour: secrets[secretParts[provider][0] ?? ""]?.slice(-LAST) ?? "",
  };
}

/** The account again, in clear; undefined when it was removed. */
export function openAccount(ctx: Pick<Ctx, "vault">, credential: Credential): Account | undefined {
  const provider = providers.find((known) => known === credential.provider);
  if (!provider || isRemoved(credential)) return undefined;
  const secrets = JSON.parse(
    ctx.vault.open(credential.secret, sealedColumns.credentialSecret.cell(credential)),
  ) as object;
  const { port, ...details } = credential.details;
  return { provider, ...details, ...(port !== undefined && { port: Number(port) }), ...secrets } as Account;
}

/** A removed account leaves its row, empty: it tells since when messages go out by another one. */
export function isRemoved({ details }: Credential): boolean {
  return Object.keys(details).length === 0;
}

export function viewCredential({ provider, details, lastFour, createdAt, updatedAt }: Credential): CredentialView {
  return { provider: provider as Provider, details, secret: `…${lastFour}`, createdAt, updatedAt };
}
