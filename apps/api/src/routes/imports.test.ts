import { liveSystem } from "@reminder-app/testing/given-business";
import { testFiles } from "@reminder-app/testing/given-import";
import { actFor } from "@reminder-app/core/ctx";
import { runImport } from "@reminder-app/core/imports/run-import";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GivenApi, type GivenFirm, givenApi } from "../given-api.ts";
import { ask } from "../given-exchange.ts";
import { businessOf, importClients } from "../given-objects.ts";

let api: GivenApi;
let firm: GivenFirm;
beforeAll(async () => {
  api = await givenApi();
  firm = await api.firm();
});
afterAll(() => api.close());

/** Read it as a worker does. */
async function read(of: GivenFirm, id: string) {
  const ctx = actFor(liveSystem, (await businessOf(of)) as never, "import");
  await runImport(ctx, id as never, { files: testFiles });
  return (await of.get(`/v1/imports/${id}`)).body;
}

const file = "Kunde;E-Mail;Schlagworte\nMüller GmbH;a@mueller.example;ust|=wichtig\n=1+1;keine\n";

test("a file is checked first and read in earnest when it is told to, and what was refused comes back as a file (F3, S35)", async () => {
  const own = await api.firm();
  const checked = await importClients(own, file);
  expect(checked).toMatchObject({
    status: 201,
    body: {
      state: "waiting",
      dryRun: true,
      preview: {
        mapping: { name: "Kunde", email: "E-Mail", tags: "Schlagworte" },
        rows: [
          { row: 2, outcome: "created", cells: ["Müller GmbH", "a@mueller.example", "ust|=wichtig"] },
          { row: 3, outcome: "refused", issues: [{ field: "email" }] },
        ],
      },
    },
  });
  const { id } = checked.body;
  expect(await read(own, id)).toMatchObject({ state: "done", created: 1, refused: 1 });
  expect((await own.get("/v1/clients")).body.items).toEqual([]);

  const started = await own.post(`/v1/imports/${id}/run`, {});
  expect(started).toMatchObject({ status: 201, body: { dryRun: false } });
  const again = started.body.id;
  expect(await read(own, again)).toMatchObject({ state: "done", rowsDone: 2, created: 1, refused: 1 });
  expect((await own.get("/v1/clients")).body.items).toMatchObject([{ name: "Müller GmbH" }]);

  const message = "must be an e-mail address, like anna@example.com";
  const { body } = await own.get(`/v1/imports/${again}/errors`);
  expect(body).toEqual({ items: [{ row: 3, issues: [{ field: "email", message }] }] });
  const { text } = await own.get(`/v1/imports/${again}/errors/export`);
  expect(text).toBe(`row,reason,Kunde,E-Mail,Schlagworte\r\n3,"email: ${message}",'=1+1,keine\r\n`);
  expect((await own.get("/v1/imports")).body.items.map((one: { id: string }) => one.id)).toEqual([again, id]);
});

test("hundreds of refused rows come back page by page, and all of them in the file (F3)", async () => {
  const own = await api.firm();
  const rows = Array.from({ length: 1_200 }, (_, at) => (at % 2 === 0 ? `Client ${at},` : `,${at}`));
  const { id } = (await importClients(own, `name,email\n${rows.join("\n")}\n`, "?dryRun=false")).body;
  expect(await read(own, id)).toMatchObject({ created: 600, refused: 600 });
  const seen: number[] = [];
  let after: number | undefined = 0;
  while (after !== undefined) {
    const { body } = await own.get(`/v1/imports/${id}/errors?limit=100&after=${after}`);
    seen.push(...body.items.map(({ row }: { row: number }) => row));
    after = body.next;
  }
  expect(seen.length).toBe(600);
  expect(seen).toEqual(rows.flatMap((row, at) => (row.startsWith(",") ? [at + 2] : [])));
  const { text } = await own.get(`/v1/imports/${id}/errors/export`);
  expect(text.trim().split("\r\n")).toHaveLength(601);
});

test.each([
  ["nothing", "", 415],
  ["no text", "PK\u0003\u0004\0\0\0\0", 422],
  ["no column of names", "code,email\n1,a@b.example\n", 422],
  ["a broken heading", `name,"email\n${"x".repeat(100)}`, 422],
  ["too many columns", `name${",x".repeat(200)}\n`, 422],
])("a file with %s is refused with the reason, and nothing of it is kept (F3, S35)", async (_what, text, status) => {
  const own = await api.firm();
  expect((await importClients(own, text)).status).toBe(status);
  expect((await own.get("/v1/imports")).body.items).toEqual([]);
});

test("what is no CSV by its type is not even read (S38)", async () => {
  const answer = await firm.post("/v1/imports", { name: "Hill" });
  expect([answer.status, answer.body.code]).toEqual([415, "unsupported_media_type"]);
});

test("a file that breaks off on the way is not taken in (F3)", async () => {
  const own = await api.firm();
  const headers = ["Host: a", `Authorization: Bearer ${own.token}`, "Content-Type: text/csv", "Content-Length: 500"];
  const socket = ask(api.port, { method: "POST", target: "/v1/imports", headers, body: "name\nHill\n" });
  await socket.catch(() => undefined);
  expect((await own.get("/v1/imports")).body.items).toEqual([]);
});

test("a mapping is kept under its name, used again, replaced and removed (F3)", async () => {
  const mapping = { kind: "clients", name: "Practice", mapping: { name: "Wer" } };
  const { body: saved } = await firm.put("/v1/import-mappings", mapping);
  const replaced = await firm.put("/v1/import-mappings", { ...mapping, mapping: { name: "Wer", email: "Wo" } });
  expect(replaced).toMatchObject({ status: 201, body: { id: saved.id, mapping: { name: "Wer", email: "Wo" } } });
  const query = `?importMappingId=${saved.id}`;
  expect((await importClients(firm, "Wer,Wo\nHill,a@b.example\n", query)).body.mapping).toEqual({
    name: "Wer",
    email: "Wo",
  });
  const { status, body } = await importClients(firm, "Wer\nHill\n", query);
  expect([status, body.errors]).toEqual([422, [{ field: "mapping.email", message: 'there is no column "Wo"' }]]);
  expect((await importClients(await api.firm(), "Wer\nHill\n", query)).status).toBe(404);
  expect((await firm.put("/v1/import-mappings", { ...mapping, mapping: { boss: "Wer" } })).status).toBe(422);

  expect((await firm.delete(`/v1/import-mappings/${saved.id}`)).status).toBe(204);
  expect((await firm.get("/v1/import-mappings")).body.items).toEqual([]);
});

test("an import that waits can be cancelled, and is not read any more (F3)", async () => {
  const own = await api.firm();
  const { id } = (await importClients(own, file, "?dryRun=false")).body;
  expect((await own.post(`/v1/imports/${id}/cancel`)).body).toMatchObject({ state: "cancelled", rowsDone: 0 });
  expect(await read(own, id)).toMatchObject({ state: "cancelled", created: 0 });
});
