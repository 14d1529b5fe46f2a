import { AppError } from "@reminder-app/platform/errors";

/** Why a file is not taken; stable, for callers to branch on. */
export type FileFault =
  | "file_kind"
  | "file_empty"
  | "file_lies"
  | "file_macros"
  | "file_locked"
  | "file_bomb"
  | "file_virus";

/** That a file is not taken, with the reason in words. */
export function refuseFile(code: FileFault, reason: string, cause?: unknown): AppError {
  const issues = [{ field: "file", message: reason, code }];
  return new AppError("validation_failed", `The file is not taken: ${reason}`, { issues, cause });
}
