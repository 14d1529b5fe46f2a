import type { Readable } from "node:stream";
import type { TargetRules } from "@reminder-app/channels/webhooks/target";
import type { KeyScope } from "@reminder-app/core/api-keys/key-scopes";
import type { Ctx, SystemCtx } from "@reminder-app/core/ctx";
import type { AccessClaims } from "@reminder-app/core/members/check-session";
import type { DeliveryTiming } from "@reminder-app/core/deliveries/timing";
import type { ChannelsOff } from "@reminder-app/core/reminders/require-channels";
import type { FileStore } from "@reminder-app/files/file-store";
import type { Scanner } from "@reminder-app/files/scan";
import type { Role } from "@reminder-app/db/schema/members";
import type { PaymentGateway } from "@reminder-app/payments/gateway";
import type { Id } from "@reminder-app/platform/ids";
import type { Logger } from "@reminder-app/platform/log";
import type { Producer } from "@reminder-app/queues/producer";
import type { Request } from "express";
import type { z } from "zod";
import type { TokenIssuer } from "./tokens.ts";

/** What the routes need beside the caller's context. */
export interface Deps {
  readonly system: SystemCtx;
  readonly producer: Producer;
  readonly tokens: TokenIssuer;
  readonly channelsOff: ChannelsOff;
  readonly gateway: PaymentGateway;
  /** Whether live businesses may take payments in test mode here, where no real money is meant to move. */
  readonly takesTestAccounts: boolean;
  /** How long the steps of a delivery take, where this process takes them: in test businesses. */
  readonly timing: DeliveryTiming;
  /** How many messages of one business this installation lets go in a day. */
  readonly sendsPerDay: number;
  readonly files: FileStore;
  /** Looks for viruses in uploads; absent where nobody does. */
  readonly scanner: Scanner | undefined;
  /** Of one file. */
  readonly uploadMaxBytes: number;
  /** Where providers and clients reach the API. */
  readonly publicUrl: string;
  /** Where webhooks of businesses may go. */
  readonly webhookTargets: TargetRules;
  readonly log: Logger;
}

/**
 * `sign-in` and `register` are counted in MySQL, for all processes; so is `proof`, for routes that take a second factor,
 * a mailed token or the password once more. `renew` and `mail` are cheap limits of each process.
 */
export type RateClass = "sign-in" | "register" | "proof" | "renew" | "mail";

/** What a route answers. `afterCommit` runs when the verb's transaction is durable; its failure does not change the answer. */
export interface Reply {
  readonly status?: number;
  readonly body?: unknown;
  readonly location?: string;
  readonly afterCommit?: (producer: Producer) => Promise<void>;
  /** A text of any length instead of a body, in pieces, to be saved as `fileName`. */
  readonly download?: { readonly fileName: string; readonly text: AsyncIterable<string> };
  /** A stored file instead of a body. */
  readonly file?: ServedFile;
}

/** A file of somebody's, to be saved and never to be shown by us. */
export interface ServedFile {
  readonly fileName: string;
  readonly bytes: number;
  readonly content: Readable;
}

export interface Call<Body, Query> {
  readonly ctx: Ctx;
  readonly deps: Deps;
  readonly body: Body;
  readonly query: Query;
  /** From the path: ids, each in the form of a UUID, and words where the endpoint says so. */
  readonly params: Readonly<Record<string, Id<never>>>;
  readonly sessionId: Id<"Session">;
  /** What the access token says; absent where nobody signed in. */
  readonly claims?: AccessClaims;
  readonly req: Request;
}

interface Described {
  readonly method: "get" | "post" | "put" | "patch" | "delete";
  /** As Express writes paths: `/v1/clients/:clientId`. */
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly tag: string;
  /** The least role that may call it, or `public`. */
  readonly access: Role | "public";
  /** What an API key needs to call it; `members` when no key may. Every endpoint that is not public has one. */
  readonly scope?: KeyScope | "members";
  /** Only for members who proved who they are in the last 5 minutes. */
  readonly recent?: true;
  /** It concerns all clients, so members who work with some only are refused. */
  readonly allClients?: true;
  /** A POST that creates or sends takes an Idempotency-Key. */
  readonly idempotent?: boolean;
  readonly rate?: RateClass;
  /** The token endpoint reads forms, and tells errors as RFC 6749 wants. */
  readonly oauth?: true;
  /** Its body is a file of this type, which the handler reads from `req`; there is time for it to come. */
  readonly upload?: string;
  /** It takes files as `multipart/form-data`, with these fields before them; its handler reads them. */
  readonly form?: { readonly fields: z.ZodObject };
  /** A body that works, for the documentation. */
  readonly example?: unknown;
  /** Parts of the path that are words from a list; all others are ids. */
  readonly params?: Readonly<Record<string, z.ZodEnum>>;
  /** `media` is the type of a download. */
  readonly answer: { readonly status: number; readonly schema?: z.ZodType; readonly media?: string };
}

/** One row of the table of routes: who may call it, what it takes, what it answers. There are no routes beside it. */
export interface Endpoint extends Described {
  readonly body?: z.ZodType;
  readonly query?: z.ZodObject;
  readonly handle: (call: Call<unknown, unknown>) => Promise<Reply>;
}

/** Declare an endpoint; body and query reach the handler as their schemas parse them. */
export function endpoint<Body extends z.ZodType = z.ZodUndefined, Query extends z.ZodObject = z.ZodObject>(
  described: Described & {
    readonly body?: Body;
    readonly query?: Query;
    readonly handle: (call: Call<z.output<Body>, z.output<Query>>) => Promise<Reply>;
  },
): Endpoint {
  return described as Endpoint;
}
