import {
  type KeyObject,
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createSecretKey,
  randomBytes,
} from "node:crypto";
import { AppError } from "./errors.ts";

const VERSION = 1;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 2;

/** 32-byte keys by id (1 to 255). The first one encrypts; all of them decrypt. */
export type KeyRing = ReadonlyMap<number, Buffer>;

/** Where a value lives. It is authenticated with the ciphertext, so a value moved to another row does not open. */
export interface CellAddress {
  readonly table: string;
  readonly column: string;
  readonly businessId: string;
  readonly rowId: string;
}

export interface Vault {
  /** The id of the key that seals. */
  readonly keyId: number;
  seal(plain: string, cell: CellAddress): Buffer;
  /** Throws `key_unknown` or `decrypt_failed`. */
  open(sealed: Buffer, cell: CellAddress): string;
  /** Keyed hash under which an equal value is found again without being stored. */
  lookup(kind: string, value: string): Buffer;
  /** The same under every key of the ring, the newest first: what was kept under an older key is found too. */
  lookups(kind: string, value: string): readonly Buffer[];
}

/** Field encryption with AES-256-GCM; a sealed value is `version, key id, iv, tag, ciphertext`. */
export function createVault(options: { encryptionKeys: KeyRing; lookupKeys: KeyRing }): Vault {
  // Key objects, for Node makes one of a buffer at each call.
  const encryptionKeys = new Map([...options.encryptionKeys].map(([id, key]) => [id, createSecretKey(key)]));
  const [keyId, key] = firstKey(encryptionKeys);
  const [, lookupKey] = firstKey(options.lookupKeys);
  const lookupWith = (secret: Buffer, kind: string, value: string) =>
    createHmac("sha256", secret).update(`${kind}\0${value}`).digest();

  return {
    keyId,

    seal(plain, cell) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv("aes-256-gcm", key, iv).setAAD(additionalData(cell));
      const body = Buffer.concat([cipher.update(plain, "utf8"), cipher.final()]);
      return Buffer.concat([Buffer.of(VERSION, keyId), iv, cipher.getAuthTag(), body]);
    },

    open(sealed, cell) {
      if (sealed[0] !== VERSION) throw new AppError("decrypt_failed", "The stored value has an unknown format");
      const openingKey = encryptionKeys.get(sealed.readUInt8(1));
      if (!openingKey) throw new AppError("key_unknown", `Encryption key ${sealed[1]} is not configured`);
      return decrypt(openingKey, sealed, cell);
    },

    lookup: (kind, value) => lookupWith(lookupKey, kind, value),
    lookups: (kind, value) => [...options.lookupKeys.values()].map((secret) => lookupWith(secret, kind, value)),
  };
}

function decrypt(key: KeyObject, sealed: Buffer, cell: CellAddress): string {
  const ivEnd = HEADER_BYTES + IV_BYTES;
  const tagEnd = ivEnd + TAG_BYTES;
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(HEADER_BYTES, ivEnd))
      .setAAD(additionalData(cell))
      .setAuthTag(sealed.subarray(ivEnd, tagEnd));
    return decipher.update(sealed.subarray(tagEnd), undefined, "utf8") + decipher.final("utf8");
  } catch (cause) {
    throw new AppError("decrypt_failed", "The stored value could not be decrypted", { cause });
  }
}

function additionalData({ table, column, businessId, rowId }: CellAddress): Buffer {
  return Buffer.from(`${table}.${column}.${businessId}.${rowId}`);
}

function firstKey<Key>(ring: ReadonlyMap<number, Key>): [number, Key] {
  const [first] = ring;
  if (!first) throw new TypeError("A key ring needs at least one key");
  return first;
}

export function sha256(value: string | Buffer): Buffer {
  return createHash("sha256").update(value).digest();
}
