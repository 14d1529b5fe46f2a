import type { KeyRing } from "./crypto.ts";

/** A setting by name, and what would be right. Its value is never told. */
export type Fault = readonly [name: string, message: string];

const SECRET_LENGTH = 16;
/** 32 random bytes have about 30 different values; fewer than this never happens by chance. */
const DIFFERENT_BYTES = 16;

const rings = ["TOKEN_KEYS", "ENCRYPTION_KEYS", "LOOKUP_KEYS"] as const;
const secrets = [
  "OPS_PASSWORD", "OPS_TOTP_SECRET", "TWILIO_AUTH_TOKEN", "WHATSAPP_TOKEN", "WHATSAPP_APP_SECRET", "WHATSAPP_VERIFY_TOKEN",
  "FILES_S3_SECRET_ACCESS_KEY", "STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET",
] as const; // prettier-ignore
const addresses = [
  "PUBLIC_URL",
  "TWILIO_BASE_URL",
  "WHATSAPP_BASE_URL",
  "STRIPE_BASE_URL",
  "FILES_S3_ENDPOINT",
] as const;

/** The settings that production looks at. */
type Guarded = Readonly<Record<(typeof rings)[number], KeyRing>> &
  Readonly<Partial<Record<(typeof secrets)[number] | (typeof addresses)[number], string | undefined>>> & {
    readonly DATABASE_URL: string;
    readonly PROXY_HOPS: number;
    readonly CORS_ORIGINS: readonly string[];
    readonly ALLOWED_HOSTS: readonly string[];
    readonly STRICT_VALIDATION: boolean;
    readonly ABUSE_LIMITS: boolean;
    readonly FILES_FOLDER?: string | undefined;
    readonly FILES_S3_BUCKET?: string | undefined;
    readonly WEBHOOK_LOOPBACK: boolean;
  };

/** What is fine on a developer's machine and must not be so where real people are written to. */
export function productionFaults(settings: Guarded): Fault[] {
  return [
    ...keyFaults(settings),
    ...secretFaults(settings),
    ...edgeFaults(settings),
    ...switchFaults(settings),
    ...storeFaults(settings),
  ];
}

function keyFaults(settings: Guarded): Fault[] {
  const seen = new Map<string, string>();
  return rings.flatMap((name) =>
    [...settings[name]].flatMap(([id, key]): Fault[] => {
      const other = seen.get(key.toString("hex"));
      seen.set(key.toString("hex"), `key ${id} of ${name}`);
      if (other !== undefined) return [[name, `key ${id} must differ from ${other}`]];
      return isWeak(key) ? [[name, `key ${id} must be 32 random bytes: openssl rand -base64 32`]] : [];
    }),
  );
}

/** Random bytes are not nearly all alike, and do not happen to be a text, as the keys of examples are. */
function isWeak(key: Buffer): boolean {
  return new Set(key).size < DIFFERENT_BYTES || key.every((byte) => byte >= 0x20 && byte < 0x7f);
}

function secretFaults(settings: Guarded): Fault[] {
  const seen = new Map<string, string>();
  const faults = secrets.flatMap((name): Fault[] => {
    const secret = settings[name];
    if (secret === undefined) return [];
    const other = seen.get(secret);
    seen.set(secret, name);
    if (other !== undefined) return [[name, `must differ from ${other}`]];
    if (isExample(secret)) return [[name, "is an example's or a test's; make one of your own"]];
    if (secret.length < SECRET_LENGTH || new Set(secret).size < SECRET_LENGTH / 2)
      return [[name, `must be random, with at least ${SECRET_LENGTH} characters`]];
    return [];
  });
  if (isExample(new URL(settings.DATABASE_URL).password))
    faults.push(["DATABASE_URL", "has an example's password; make one of your own"]);
  return faults;
}

/** What docker-compose.yml, the sandbox and the tests use. */
function isExample(secret: string): boolean {
  return /sandbox|development|example|of-tests|^a-test-|^reminders$|changeme|password/i.test(secret);
}

function edgeFaults(settings: Guarded): Fault[] {
  const faults: Fault[] = [];
  for (const name of addresses) {
    const address = settings[name];
    if (address !== undefined && !address.startsWith("https:")) faults.push([name, "must be https in production"]);
  }
  if (settings.PROXY_HOPS === 0)
    faults.push(["PROXY_HOPS", "must be at least 1 in production: a balancer in front ends TLS"]);
  if (settings.CORS_ORIGINS.some((origin) => !origin.startsWith("https:")))
    faults.push(["CORS_ORIGINS", "must be exact https origins in production"]);
  if (settings.ALLOWED_HOSTS.some((host) => host.includes("*")))
    faults.push(["ALLOWED_HOSTS", "must be exact hosts in production, without *"]);
  return faults;
}

function switchFaults({ STRICT_VALIDATION, ABUSE_LIMITS, WEBHOOK_LOOPBACK }: Guarded): Fault[] {
  const faults: Fault[] = [];
  if (!STRICT_VALIDATION) faults.push(["STRICT_VALIDATION", "must be True in production"]);
  if (!ABUSE_LIMITS) faults.push(["ABUSE_LIMITS", "must be 1 in production"]);
  if (WEBHOOK_LOOPBACK) faults.push(["WEBHOOK_LOOPBACK", "must be 0 in production"]);
  return faults;
}

/** A container's own disk is gone with it, and no other process sees it: a folder is only right where it was meant. */
function storeFaults({ FILES_FOLDER, FILES_S3_BUCKET }: Guarded): Fault[] {
  if (FILES_FOLDER !== undefined || FILES_S3_BUCKET !== undefined) return [];
  return [["FILES_S3_BUCKET", "must be set in production, or FILES_FOLDER to a disk that all processes share"]];
}
