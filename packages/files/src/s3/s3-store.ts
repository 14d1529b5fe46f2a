import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { DeleteObjectCommand, GetObjectCommand, NoSuchKey, S3Client } from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { NotFoundError } from "@reminder-app/platform/errors";
import { countBytes } from "../count-bytes.ts";
import type { FileStore } from "../file-store.ts";
import { requireKey } from "../require-key.ts";

export interface S3Options {
  readonly bucket: string;
  readonly region: string;
  /** Another address than Amazon's, which is asked for `/bucket/key` instead of a host for each bucket. */
  readonly endpoint?: string | undefined;
  /** The SDK's own chain (the task's role, the environment) when left out. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
}

/** How much of one upload is in memory at once. */
const PART_BYTES = 5 * 1024 * 1024;
const CONNECT_TIMEOUT_MS = 3_000;
const SILENCE_TIMEOUT_MS = 15_000;

/** Files behind the S3 API. An object appears once it is whole; encryption at rest is the bucket's. */
export function createS3Store({ bucket, region, endpoint, credentials }: S3Options): FileStore {
  const client = new S3Client({
    region,
    ...(endpoint && { endpoint, forcePathStyle: true }),
    ...(credentials && { credentials }),
    requestHandler: { connectionTimeout: CONNECT_TIMEOUT_MS, socketTimeout: SILENCE_TIMEOUT_MS },
  });
  const at = (key: string) => ({ Bucket: bucket, Key: requireKey(key) });
  return {
    async write(key, content) {
      const counter = countBytes();
      const upload = new Upload({
        client,
        params: { ...at(key), Body: counter, ContentType: "application/octet-stream" },
        partSize: PART_BYTES,
        queueSize: 1,
      });
      // Whichever side breaks first ends the other; a part that was sent is taken back.
      await Promise.all([
        pipeline(content, counter),
        upload.done().catch((error: unknown) => {
          content.destroy();
          throw error;
        }),
      ]);
      return { bytes: counter.bytes };
    },

    async read(key) {
      try {
        const { Body } = await client.send(new GetObjectCommand(at(key)));
        if (Body instanceof Readable) return Body;
        throw new TypeError("The S3 API answered without a body");
      } catch (error) {
        throw error instanceof NoSuchKey ? new NotFoundError("File", key) : error;
      }
    },

    async remove(key) {
      await client.send(new DeleteObjectCommand(at(key)));
    },

    async close() {
      client.destroy();
    },
  };
}
