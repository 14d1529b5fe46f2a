import type { DocumentDirection } from "@reminder-app/db/schema/documents";
import type { FileStore } from "@reminder-app/files/file-store";
import type { Scanner } from "@reminder-app/files/scan";
import type { Spooled } from "@reminder-app/files/spool";
import type { Id } from "@reminder-app/platform/ids";

/** Where files go, and who looks for viruses in them first. */
export interface UploadPlaces {
  readonly files: FileStore;
  /** Absent where nobody looks. */
  readonly scanner: Scanner | undefined;
}

/** What a file is about, and who sends it. */
export interface UploadAbout {
  readonly clientId: Id<"Client">;
  readonly direction: DocumentDirection;
  readonly assignmentId?: Id<"Assignment"> | undefined;
  /** The line of the assignment's checklist that it is for. */
  readonly itemId?: Id<"ChecklistItem"> | undefined;
  /** As the row names them. */
  readonly uploadedBy: string;
}

/** A file as it came, whole. */
export interface Upload {
  readonly name: string;
  /** What its sender calls its type. */
  readonly media: string | undefined;
  readonly file: Spooled;
}
