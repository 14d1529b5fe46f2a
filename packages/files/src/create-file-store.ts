import type { Settings } from "@reminder-app/platform/settings";
import type { FileStore } from "./file-store.ts";
import { createFolderStore } from "./folder/folder-store.ts";
import { createS3Store } from "./s3/s3-store.ts";

const DEVELOPMENT_FOLDER = ".local/files";

type FileSettings = Pick<
  Settings,
  | "FILES_FOLDER"
  | "FILES_S3_BUCKET"
  | "FILES_S3_REGION"
  | "FILES_S3_ENDPOINT"
  | "FILES_S3_ACCESS_KEY_ID"
  | "FILES_S3_SECRET_ACCESS_KEY"
>;

/** The store that the settings name. That production names one is seen to where settings are read. */
export function createFileStore(settings: FileSettings): FileStore {
  const { FILES_S3_BUCKET: bucket, FILES_S3_REGION: region, FILES_S3_ENDPOINT: endpoint } = settings;
  if (bucket === undefined) return createFolderStore(settings.FILES_FOLDER ?? DEVELOPMENT_FOLDER);
  const { FILES_S3_ACCESS_KEY_ID: accessKeyId, FILES_S3_SECRET_ACCESS_KEY: secretAccessKey } = settings;
  const credentials = accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : undefined;
  return createS3Store({ bucket, region, endpoint, credentials });
}
