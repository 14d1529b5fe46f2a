import { uploadByLink } from "@reminder-app/core/documents/upload-by-link";
import { AppError, NotFoundError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import type { Request, Response } from "express";
import { z } from "zod";
import type { Deps } from "../../http/endpoint.ts";
import { MOST_FILES, withUpload } from "../../http/read-upload.ts";
import { fileKinds } from "./checklist-part.ts";
import { fileSize } from "./file-size.ts";
import type { PageVisit } from "./page-visit.ts";
import { type PageFault, tellFault } from "./tell-fault.ts";

/** Take files that a client sends for a line of their checklist; what is wrong with them is told on the page. */
export function takeUpload(deps: Deps) {
  return async (visit: PageVisit, req: Request, res: Response): Promise<void> => {
    const itemId = z.uuid().safeParse(req.params["itemId"]).data as Id<"ChecklistItem"> | undefined;
    if (!itemId) throw new NotFoundError("Checklist item", "of this address");
    const { opened, network, texts } = visit;
    try {
      await withUpload(req, { maxBytes: deps.uploadMaxBytes, maxFiles: MOST_FILES }, async ({ files }) => {
        if (files.length === 0) throw new AppError("malformed_request", texts.documents.nothing);
        for (const upload of files) await uploadByLink(opened, deps, { itemId, upload, network });
      });
      res.redirect(303, `/p/${visit.token}?told=uploaded`);
    } catch (thrown) {
      const fault = faultOf(visit, thrown);
      if (!fault) throw thrown;
      await tellFault(visit, res, fault);
    }
  };
}

function faultOf({ texts, locale, maxBytes }: PageVisit, thrown: unknown): PageFault | undefined {
  if (!(thrown instanceof AppError)) return undefined;
  const { documents, tooLate } = texts;
  switch (thrown.code) {
    case "conflict":
      return { status: 409, text: tooLate };
    case "payload_too_large":
      return { status: 413, text: documents.tooLarge(fileSize(maxBytes, locale)) };
    case "provider_unavailable":
      return { status: 503, text: documents.notChecked };
    case "malformed_request":
      return { status: 400, text: documents.nothing };
    case "validation_failed": {
      const hasVirus = thrown.issues.some(({ code }) => code === "file_virus");
      return { status: 422, text: hasVirus ? documents.virus : documents.notTaken(fileKinds) };
    }
    default:
      return undefined;
  }
}
