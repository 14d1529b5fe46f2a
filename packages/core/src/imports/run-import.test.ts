import { type GivenBusiness, givenBusiness } from "@reminder-app/testing/given-business";
import { importFile, takeIn, testFiles } from "@reminder-app/testing/given-import";
import type { Id } from "@reminder-app/platform/ids";
import { expect, test } from "vitest";
import { clientRepo } from "../clients/clients.repo.ts";
import type { Ctx } from "../ctx.ts";
import { cancelImport } from "./cancel-import.ts";
import { recordImportCrash } from "./claim-import.ts";
import { forgetImportFile } from "./forget-import-files.ts";
import { importRepo } from "./imports.repo.ts";
import { getImport } from "./page-imports.ts";
import { RunImportInput } from "./import-options.ts";
import { runImport } from "./run-import.ts";
import { runAgain } from "./start-import.ts";

const ROWS = 1_300;
const row = (at: number) => `Client ${at},C-${at},client.${at}@firms.example`;
/** Every tenth row is one that was there already. */
const rows = Array.from({ length: ROWS }, (_, at) => row(at % 10 === 9 ? at - 9 : at));
const file = `name,code,email\n${rows.join("\n")}\n`;
const whole = { state: "done", rowsDone: ROWS, created: 1_170, changed: 0, unchanged: 0, refused: 130 };

async function countOf({ ctx }: GivenBusiness): Promise<number> {
  return (await clientRepo(ctx).page({ archived: false }, { limit: 5_000 })).length;
}

/** A worker that dies once it has written so many addresses. */
function dyingAfter(most: number, { ctx }: GivenBusiness): Ctx {
  let written = 0;
  const seal: Ctx["vault"]["seal"] = (...value) => {
    written += 1;
    if (written > most) throw new Error("the process died");
    return ctx.vault.seal(...value);
  };
  return { ...ctx, vault: { ...ctx.vault, seal } };
}

/** The lease of a worker that died runs out. */
async function letLeaseEnd({ ctx }: GivenBusiness, id: Id<"Import">): Promise<void> {
  await importRepo(ctx).update(id, { leaseUntil: new Date(0) });
}

test("an import that dies between two parts goes on where it was, and ends as one that did not (F3)", async () => {
  const shop = await givenBusiness();
  const { id } = await takeIn(shop, file);
  await expect(runImport(dyingAfter(700, shop), id, { files: testFiles })).rejects.toThrow("died");
  expect(await getImport(shop.ctx, id)).toMatchObject({ state: "running", rowsDone: 500, created: 450, refused: 50 });

  expect(await runImport(shop.ctx, id, { files: testFiles })).toBe("later"); // the dead one's lease still holds
  await letLeaseEnd(shop, id);
  expect(await runImport(shop.ctx, id, { files: testFiles })).toBe("over");
  expect(await getImport(shop.ctx, id)).toMatchObject(whole);
  expect(await countOf(shop)).toBe(1_170);
  expect(await importFile(shop, file)).toMatchObject({ ...whole, created: 0, unchanged: 1_170 });
});

test("of two workers one reads the file, and the other writes nothing (F3)", async () => {
  const shop = await givenBusiness();
  const { id } = await takeIn(shop, file);
  const outcomes = await Promise.all([1, 2].map(() => runImport(shop.ctx, id, { files: testFiles })));
  expect(outcomes.toSorted()).toEqual(["later", "over"]);
  expect(await getImport(shop.ctx, id)).toMatchObject(whole);
  expect(await countOf(shop)).toBe(1_170);
});

test("two files with the same clients that come at once make each client once (F3)", async () => {
  const shop = await givenBusiness();
  const started = [await takeIn(shop, file), await takeIn(shop, file)];
  const first = await Promise.all(started.map(({ id }) => runImport(shop.ctx, id, { files: testFiles })));
  expect(first.toSorted()).toEqual(["later", "over"]);
  for (const { id } of started) await runImport(shop.ctx, id, { files: testFiles });
  expect(await countOf(shop)).toBe(1_170);
});

test("a worker that is told to stop leaves the rest for another (F3)", async () => {
  const shop = await givenBusiness();
  const { id } = await takeIn(shop, file);
  expect(await runImport(shop.ctx, id, { files: testFiles, stopping: AbortSignal.abort() })).toBe("later");
  expect(await getImport(shop.ctx, id)).toMatchObject({ state: "waiting", rowsDone: 0 });
  await runImport(shop.ctx, id, { files: testFiles });
  expect(await getImport(shop.ctx, id)).toMatchObject(whole);
});

test("a cancelled import stops, and what is done stays done (F3)", async () => {
  const shop = await givenBusiness();
  const { id } = await takeIn(shop, file);
  await expect(runImport(dyingAfter(700, shop), id, { files: testFiles })).rejects.toThrow("died");
  expect(await cancelImport(shop.ctx, id)).toMatchObject({ state: "cancelled", rowsDone: 500 });
  await letLeaseEnd(shop, id);
  expect(await runImport(shop.ctx, id, { files: testFiles })).toBe("over");
  expect(await countOf(shop)).toBe(450);
  await cancelImport(shop.ctx, id);
  expect(await shop.auditTrail()).toEqual(["import.started", "import.cancelled"]);
});

test("a finished import cannot be cancelled (F3)", async () => {
  const shop = await givenBusiness();
  const { id } = await importFile(shop, file);
  await expect(cancelImport(shop.ctx, id)).rejects.toMatchObject({ code: "conflict" });
});

test("an import whose worker dies three times at the same place has failed, and says whose fault it is (F3)", async () => {
  const shop = await givenBusiness();
  const { id } = await takeIn(shop, file);
  expect(await recordImportCrash(shop.ctx, id)).toBe(true);
  const die = () => runImport(dyingAfter(10, shop), id, { files: testFiles });
  await expect(die()).rejects.toThrow("died");
  await letLeaseEnd(shop, id);
  await expect(die()).rejects.toThrow("died");
  await letLeaseEnd(shop, id);
  expect(await die()).toBe("over");
  expect(await getImport(shop.ctx, id)).toMatchObject({ state: "failed", problem: expect.stringMatching(/ours/) });
  expect(await countOf(shop)).toBe(0);
});

test("an import that gets on between its crashes goes on for ever (F3)", async () => {
  const shop = await givenBusiness();
  const { id } = await takeIn(shop, file);
  for (const most of [460, 460]) {
    await expect(runImport(dyingAfter(most, shop), id, { files: testFiles })).rejects.toThrow("died");
    await recordImportCrash(shop.ctx, id);
    await recordImportCrash(shop.ctx, id);
  }
  await runImport(shop.ctx, id, { files: testFiles });
  expect(await getImport(shop.ctx, id)).toMatchObject(whole);
});

test("a file that is broken further down is refused as a whole, with the line, and changes nothing (F3)", async () => {
  const shop = await givenBusiness();
  const broken = `${file}"Hill,C-9999,\n`;
  const done = await importFile(shop, broken);
  expect(done).toMatchObject({
    state: "failed",
    rowsDone: 0,
    problem: "Row 1302 has a quotation mark that is not closed",
  });
  expect(await countOf(shop)).toBe(0);
});

test.each([
  ["", /empty/],
  ["\n\n", /empty/],
  ["code,email\n1,a@b.example\n", /name: no column is named as it.*"code", "email"/],
  ["PK\u0003\u0004\0\0", /no text/],
])("a file that cannot be begun, %j, is refused at once, and nothing of it is kept (F3)", async (text, message) => {
  const shop = await givenBusiness();
  await expect(takeIn(shop, text)).rejects.toMatchObject({
    code: "validation_failed",
    message: expect.stringMatching(message),
  });
  expect(await shop.auditTrail()).toEqual([]);
});

test("a mapping names columns as they stand in the file; one that is not there is told by its name (F3)", async () => {
  const shop = await givenBusiness();
  const german = "Wer;Wo\nHill;a@b.example\n";
  expect(await importFile(shop, german, { mapping: '{"name":"Wer","email":"wo"}' })).toMatchObject({ created: 1 });
  await expect(takeIn(shop, german, { mapping: '{"name":"Wer","phone":"Was"}' })).rejects.toMatchObject({
    issues: [{ field: "mapping.phone", message: 'there is no column "Was"' }],
  });
  await expect(takeIn(shop, german, { mapping: '{"boss":"Wer"}' })).rejects.toThrow();
  await expect(takeIn(shop, german, { mapping: "{" })).rejects.toMatchObject({ code: "validation_failed" });
});

test("a file is kept for 30 days after it was last read, and what was counted for good (D7)", async () => {
  const shop = await givenBusiness();
  const files: typeof testFiles = { ...testFiles };
  const first = await importFile(shop, "name\nHill\n");
  shop.clock.advance(20 * 86_400_000);
  const second = await runAgain(shop.ctx, first.id, { ...RunImportInput.parse({}), files });
  await runImport(shop.ctx, second.id, { files });
  const keyOf = async (id: Id<"Import">) => (await importRepo(shop.ctx).get(id)).fileKey;
  const key = await keyOf(first.id);

  shop.clock.advance(11 * 86_400_000);
  await forgetImportFile(shop.ctx, first.id, files);
  expect([await keyOf(first.id), await keyOf(second.id)]).toEqual(["", key]);
  (await files.read(key)).destroy();
  shop.clock.advance(20 * 86_400_000);
  await forgetImportFile(shop.ctx, second.id, files);
  await expect(files.read(key)).rejects.toMatchObject({ code: "not_found" });
  expect(await getImport(shop.ctx, first.id)).toMatchObject({ state: "done", created: 1 });
  const again = runAgain(shop.ctx, first.id, { ...RunImportInput.parse({}), files });
  await expect(again).rejects.toMatchObject({ code: "conflict" });
});
