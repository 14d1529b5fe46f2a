import type { Document } from "@reminder-app/core/documents/documents.repo";
import { deleteDocument } from "@reminder-app/core/documents/delete-document";
import { makeDocumentLink } from "@reminder-app/core/documents/link-document";
import { getDocument, openDocument } from "@reminder-app/core/documents/open-document";
import { PageDocumentsQuery, pageDocuments } from "@reminder-app/core/documents/page-documents";
import { storeUpload } from "@reminder-app/core/documents/store-upload";
import { getClient } from "@reminder-app/core/clients/get-client";
import { actorName } from "@reminder-app/core/ctx";
import { documentLinkUrl } from "@reminder-app/core/links/link-token";
import { MakeLinkInput } from "@reminder-app/core/links/make-link";
import { linkOfClient } from "@reminder-app/core/links/page-links";
import { documentDirections } from "@reminder-app/db/schema/documents";
import { invalid } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { z } from "zod";
import { endpoint } from "../http/endpoint.ts";
import { MOST_FILES, withUpload } from "../http/read-upload.ts";
import { pageOf } from "../schemas.ts";
import { documentLinkSchema, documentSchema, storedDocumentsSchema } from "../schemas/documents.ts";

const tag = "Documents";
const ofClient = "/v1/clients/:clientId/documents";
const one = "/v1/documents/:documentId";
type Params = Readonly<Record<string, Id<never>>>;
const clientOf = (params: Params) => params["clientId"] as Id<"Client">;
const documentOf = (params: Params) => params["documentId"] as Id<"Document">;

const UploadFields = z.strictObject({
  direction: z.enum(documentDirections).default("to_client"),
  assignmentId: z.uuid().optional(),
  itemId: z.uuid().optional().describe("The line of a checklist that the client sent it for; from_client only"),
});

/** As answers tell a document. */
export function toldDocument(document: Document) {
  return { ...document, sha256: document.sha256?.toString("hex") ?? null };
}

export const documentRoutes = [
  endpoint({
    method: "post",
    path: ofClient,
    operationId: "uploadDocuments",
    summary: "Store files of a client: such as you send to them, or such as they sent you some other way",
    tag,
    access: "staff",
    scope: "documents:write",
    form: { fields: UploadFields },
    answer: { status: 201, schema: storedDocumentsSchema },
    async handle({ ctx, params, req, deps }) {
      const clientId = clientOf(params);
      await getClient(ctx, clientId);
      const limits = { maxBytes: deps.uploadMaxBytes, maxFiles: MOST_FILES, ...(ctx.signal && { signal: ctx.signal }) };
      const items = await withUpload(req, limits, async ({ fields, files }) => {
        if (files.length === 0) throw invalid("file", "must be there: a part with a file name");
        const { direction, ...about } = UploadFields.parse(fields);
        const stored: Document[] = [];
        for (const upload of files)
          stored.push(
            await storeUpload(ctx, deps, {
              upload,
              about: {
                clientId,
                direction,
                assignmentId: about.assignmentId as Id<"Assignment"> | undefined,
                itemId: about.itemId as Id<"ChecklistItem"> | undefined,
                uploadedBy: actorName(ctx.actor),
              },
            }),
          );
        return stored;
      });
      return { body: { items: items.map(toldDocument) } };
    },
  }),
  endpoint({
    method: "get",
    path: ofClient,
    operationId: "listDocuments",
    summary: "The files of a client, the newest first",
    tag,
    access: "viewer",
    scope: "documents:read",
    query: PageDocumentsQuery,
    answer: { status: 200, schema: pageOf(documentSchema) },
    async handle({ ctx, params, query }) {
      const page = await pageDocuments(ctx, clientOf(params), query);
      return { body: { ...page, items: page.items.map(toldDocument) } };
    },
  }),
  endpoint({
    method: "get",
    path: one,
    operationId: "getDocument",
    summary: "A file, without its content",
    tag,
    access: "viewer",
    scope: "documents:read",
    answer: { status: 200, schema: documentSchema },
    handle: async ({ ctx, params }) => ({ body: toldDocument(await getDocument(ctx, documentOf(params))) }),
  }),
  endpoint({
    method: "get",
    path: `${one}/content`,
    operationId: "downloadDocument",
    summary: "The content of a file, to be saved",
    tag,
    access: "viewer",
    scope: "documents:read",
    answer: { status: 200, media: "application/octet-stream" },
    async handle({ ctx, params, deps }) {
      const { document, content } = await openDocument(ctx, deps.files, documentOf(params));
      return { file: { fileName: document.name, bytes: document.bytes, content } };
    },
  }),
  endpoint({
    method: "delete",
    path: one,
    operationId: "deleteDocument",
    summary: "Delete a file; that it was there is still told",
    tag,
    access: "staff",
    scope: "documents:write",
    answer: { status: 204 },
    async handle({ ctx, params, deps }) {
      await deleteDocument(ctx, deps.files, documentOf(params));
      return {};
    },
  }),
  endpoint({
    method: "post",
    path: `${one}/links`,
    operationId: "makeDocumentLink",
    summary: "Make a link that opens this one file without a password, until it expires or is revoked",
    tag,
    access: "staff",
    scope: "documents:write",
    body: MakeLinkInput,
    example: { days: 30 },
    answer: { status: 201, schema: documentLinkSchema },
    async handle({ ctx, params, body, deps }) {
      const { link, token, clientId } = await makeDocumentLink(ctx, documentOf(params), body);
      const made = await linkOfClient(ctx, clientId, link.id);
      return { body: { ...made, url: documentLinkUrl(deps.publicUrl, token) } };
    },
  }),
];
