import { documentOfLink, downloadByLink } from "@reminder-app/core/documents/link-document";
import { recordOpening } from "@reminder-app/core/links/record-opening";
import { NotFoundError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import type { Request, Response } from "express";
import { z } from "zod";
import { sendFile } from "../../http/download.ts";
import type { Deps } from "../../http/endpoint.ts";
import { unreadBody } from "../../http/slow-bodies.ts";
import { html } from "../page.ts";
import { fileSize } from "./file-size.ts";
import { clientLayout } from "./layout.ts";
import { type LinkRoutes, linkRoute } from "./link-route.ts";
import { sendNewLink } from "./new-link.ts";
import type { PageVisit } from "./page-visit.ts";
import { refuseVisit } from "./refused-page.ts";
import { takeUpload } from "./take-upload.ts";

const DOCUMENT = "/d/:token";
const purpose = "document";

/** Where clients send files and save those that are for them: on their page, or by a link to a single one. */
export function documentPages(routes: LinkRoutes): void {
  const { deps } = routes;
  linkRoute(routes, { method: "post", path: "/p/:token/items/:itemId", body: unreadBody, show: takeUpload(deps) });
  linkRoute(routes, { method: "get", path: "/p/:token/documents/:documentId", show: sendOfPage(deps) });
  linkRoute(routes, { method: "get", path: DOCUMENT, purpose, show: showDocument });
  linkRoute(routes, { method: "get", path: `${DOCUMENT}/content`, purpose, show: sendOfLink(deps) });
  linkRoute(routes, {
    method: "post",
    path: `${DOCUMENT}/new-link`,
    purpose,
    evenClosed: true,
    show: sendNewLink(deps),
  });
}

async function showDocument(visit: PageVisit, _req: Request, res: Response): Promise<void> {
  const { opened, network, byMachine, texts, token, locale } = visit;
  const document = await documentOfLink(opened);
  if (!document) return refuseVisit(visit, res);
  await recordOpening(opened, { byMachine, network });
  const words = texts.documents.save(document.name, fileSize(document.bytes, locale));
  const content = html`<p class="lead">${texts.forClient(opened.client.name)}</p>
    <p><a href="/d/${token}/content">${words}</a></p>`;
  res.type("html").send(clientLayout(visit, { title: texts.documents.single(opened.business.name), content }));
}

function sendOfLink(deps: Deps) {
  return async (visit: PageVisit, _req: Request, res: Response): Promise<void> => {
    const document = await documentOfLink(visit.opened);
    if (!document) return refuseVisit(visit, res);
    await send(deps, visit, { documentId: document.id, res });
  };
}

function sendOfPage(deps: Deps) {
  return async (visit: PageVisit, req: Request, res: Response): Promise<void> => {
    const documentId = z.uuid().safeParse(req.params["documentId"]).data as Id<"Document"> | undefined;
    if (!documentId) throw new NotFoundError("Document", "of this address");
    await send(deps, visit, { documentId, res });
  };
}

async function send(
  { files, log }: Deps,
  { opened, network }: PageVisit,
  { documentId, res }: { readonly documentId: Id<"Document">; readonly res: Response },
): Promise<void> {
  const { document, content } = await downloadByLink(opened, files, { documentId, network });
  await sendFile(res, { fileName: document.name, bytes: document.bytes, content }, log);
}
