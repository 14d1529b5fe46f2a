import type { ChecklistItem } from "@reminder-app/core/documents/checklist-items.repo";
import { checklistsOfPage, documentsForClient } from "@reminder-app/core/documents/documents-of-page";
import { fileExtensions } from "@reminder-app/files/file-types";
import { type Html, html } from "../page.ts";
import { fileSize } from "./file-size.ts";
import type { PagePart } from "./page-part.ts";
import type { PageVisit } from "./page-visit.ts";

/** What phones take for "or take a photo". */
const ACCEPT = ["image/*", ...fileExtensions].join(",");

/** The kinds of files that are taken, as they are told. */
export const fileKinds = fileExtensions.map((ending) => ending.slice(1)).join(", ");

/** What is still to be sent for each thing that is asked, and what the firm has sent. */
export const documentsPart: PagePart = {
  async ofItems(visit, items) {
    const lists = await checklistsOfPage(
      visit.opened,
      items.map(({ assignmentId }) => assignmentId),
    );
    return new Map([...lists].map(([id, list]) => [id, checklist(visit, list)]));
  },

  async section(visit) {
    const { texts, locale, opened, token } = visit;
    const documents = await documentsForClient(opened);
    if (documents.length === 0) return undefined;
    const lines = documents.map(({ id, name, bytes }) => {
      const words = texts.documents.save(name, fileSize(bytes, locale));
      return html`<li><a href="/p/${token}/documents/${id}">${words}</a></li>`;
    });
    return html`<section aria-labelledby="files">
      <h2 id="files">${texts.documents.heading}</h2>
      <ul class="ways">
        ${lines}
      </ul>
    </section>`;
  },
};

function checklist(visit: PageVisit, items: readonly ChecklistItem[]): Html {
  const lines = items.map(
    (item) =>
      html`<li>
        <strong>${item.label}</strong><br /><span class="quiet">${stateOf(visit, item)}</span>
        ${item.state === "missing" || item.state === "rejected" ? uploadForm(visit, item) : undefined}
      </li>`,
  );
  return html`<p>${visit.texts.documents.asked}</p>
    <ul class="settled">
      ${lines}
    </ul>`;
}

function stateOf({ texts }: PageVisit, { state, reason }: ChecklistItem): string {
  const { states } = texts.documents;
  return state === "rejected" ? states.rejected(reason ?? "") : states[state];
}

function uploadForm({ texts, token, locale, maxBytes }: PageVisit, { id, label }: ChecklistItem): Html {
  const { file, send, limits } = texts.documents;
  return html`<form method="post" action="/p/${token}/items/${id}" enctype="multipart/form-data">
    <label for="file-${id}">${file}<span class="unseen">: ${label}</span></label>
    <input
      id="file-${id}"
      name="file"
      type="file"
      accept="${ACCEPT}"
      aria-describedby="limits-${id}"
      multiple
      required
    />
    <p class="quiet" id="limits-${id}">${limits(fileKinds, fileSize(maxBytes, locale))}</p>
    <button>${send}<span class="unseen">: ${label}</span></button>
  </form>`;
}
