import { buffer } from "node:stream/consumers";
import { createFileStore } from "@reminder-app/files/create-file-store";
import type { FileStore } from "@reminder-app/files/file-store";
import { spooled } from "@reminder-app/files/given-files";
import { DAY_MS, HOUR_MS, MINUTE_MS, after } from "@reminder-app/platform/clock";
import type { Id } from "@reminder-app/platform/ids";
import { givenBusiness } from "@reminder-app/testing/given-business";
import { testSettings } from "@reminder-app/testing/test-settings";
import { expect, test } from "vitest";
import { changeBusiness } from "../businesses/change-business.ts";
import { makePageLink } from "../links/make-link.ts";
import { linkVisitRepo } from "../links/link-visits.repo.ts";
import { openLink } from "../links/open-link.ts";
import { recordVisit } from "../links/record-visit.ts";
import { documentKey } from "./document-key.ts";
import { documentRepo } from "./documents.repo.ts";
import { forgetFilesOf, forgetUnfinished, forgetVisitsOf } from "./forget-files.ts";
import { storeUpload } from "./store-upload.ts";

const files = createFileStore(testSettings());

/** A business with a client, and a document of theirs. */
async function givenDocument(store: FileStore = files) {
  const shop = await givenBusiness();
  const { id: clientId } = await shop.client();
  const file = await spooled(`figures of ${clientId}`);
  const about = { clientId, direction: "to_client" as const, uploadedBy: "test" };
  const upload = { name: "figures.txt", media: undefined, file };
  const document = await storeUpload(shop.ctx, { files: store, scanner: undefined }, { about, upload });
  await file.close();
  return { shop, clientId, document, read: () => files.read(documentKey(document)) };
}

test("a file is deleted on the day after the business's retention ends, and not before (D7, S66)", async () => {
  const { shop, document, read } = await givenDocument();
  await changeBusiness(shop.ctx, { retention: { filesDays: 30 } }, { sendsPerDay: 100 });
  const start = shop.clock.now();
  const forget = () => forgetFilesOf(shop.system, files, shop.ctx.businessId);
  shop.clock.set(after(start, 30 * DAY_MS));
  expect(await forget()).toBe(0);
  expect(String(await buffer(await read()))).toContain("figures of");
  shop.clock.set(after(start, 30 * DAY_MS + HOUR_MS));
  expect(await forget()).toBe(1);
  await expect(read()).rejects.toMatchObject({ code: "not_found" });
  expect(await documentRepo(shop.ctx).get(document.id)).toMatchObject({ state: "deleted" });
});

test("a business that said nothing keeps its files (D7)", async () => {
  const { shop } = await givenDocument();
  shop.clock.advance(5_000 * DAY_MS);
  expect(await forgetFilesOf(shop.system, files, shop.ctx.businessId)).toBe(0);
});

test("the access log of links is deleted on the day after its retention ends, and not before (D7)", async () => {
  const { shop, clientId } = await givenDocument();
  const { token, link } = await makePageLink(shop.ctx, clientId, { days: 300 });
  const opened = await openLink(shop.system, token, "page");
  await recordVisit(shop.ctx, opened, { use: "opened", network: "192.0.2.1" });
  await changeBusiness(shop.ctx, { retention: { logsDays: 30 } }, { sendsPerDay: 100 });
  const start = shop.clock.now();
  const forget = () => forgetVisitsOf(shop.system, shop.ctx.businessId);
  const visits = async () => (await linkVisitRepo(shop.ctx).page(link.id, { limit: 10 })).length;
  shop.clock.set(after(start, 30 * DAY_MS));
  expect([await forget(), await visits()]).toEqual([0, 1]);
  shop.clock.set(after(start, 30 * DAY_MS + HOUR_MS));
  expect([await forget(), await visits()]).toEqual([1, 0]);
});

test("what a process that died in an upload left is removed with its bytes, and what is still coming is not (G3)", async () => {
  const { shop, document, read } = await givenDocument();
  const repo = documentRepo(shop.ctx);
  await repo.update(document.id, { state: "storing" });
  const sweep = async (at: Date) => {
    await forgetUnfinished({ ...shop.system, now: () => at }, files);
    return repo.find(document.id);
  };
  expect(await sweep(after(document.createdAt, 59 * MINUTE_MS))).toBeDefined();
  expect(await sweep(after(document.createdAt, 61 * MINUTE_MS))).toBeUndefined();
  await expect(read()).rejects.toMatchObject({ code: "not_found" });
});

test("bytes that could not be removed when their document was deleted are removed later (G3)", async () => {
  const { shop, document, read } = await givenDocument();
  const repo = documentRepo(shop.ctx);
  await repo.update(document.id, { state: "deleted" });
  await forgetUnfinished(shop.system, files);
  await expect(read()).rejects.toMatchObject({ code: "not_found" });
  expect((await repo.get(document.id)).deletedAt).toBeInstanceOf(Date);
});

test("where the store cannot take a file, no document is left behind (G3)", async () => {
  const ids: Id<"Document">[] = [];
  const broken: FileStore = {
    ...files,
    async write(key) {
      ids.push(key.split("/").at(-1) as Id<"Document">);
      throw new Error("the disk is full");
    },
  };
  await expect(givenDocument(broken)).rejects.toThrow("the disk is full");
  const { shop } = await givenDocument();
  expect(await documentRepo(shop.ctx).find(ids[0]!)).toBeUndefined();
});
