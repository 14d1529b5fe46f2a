import { request } from "node:http";
import { docxOf, pdf, png, zipOf } from "@reminder-app/files/given-files";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GivenApi, type GivenFirm, givenApi } from "../given-api.ts";
import { type Sent, formOf } from "../given-form.ts";

let api: GivenApi;
let firm: GivenFirm;
let clientId: string;
beforeAll(async () => {
  api = await givenApi({ UPLOAD_MAX_BYTES: "3000000" });
  firm = await api.firm();
  clientId = await firm.client();
});
afterAll(() => api.close());

const upload = (file: Sent, fields?: Readonly<Record<string, string>>) =>
  firm.post(`/v1/clients/${clientId}/documents`, formOf([file], fields));
const documents = async (of = clientId) =>
  (await firm.get(`/v1/clients/${of}/documents?limit=100`)).body.items as { id: string; name: string; state: string }[];

test("a file is stored, told, downloaded as it was, and deleted (G3)", async () => {
  const { status, body } = await upload({ name: "Return 2027.pdf", content: pdf, type: "application/pdf" });
  expect(status).toBe(201);
  const [document] = body.items;
  expect(document).toMatchObject({
    name: "Return 2027.pdf",
    mediaType: "application/pdf",
    bytes: pdf.length,
    state: "ready",
    direction: "to_client",
    uploadedBy: `member:${firm.id}`,
  });
  const path = `/v1/documents/${document.id}`;
  const { headers, text } = await firm.get(`${path}/content`);
  expect(text).toBe(pdf.toString());
  expect(Object.fromEntries(headers)).toMatchObject({
    "content-type": "application/octet-stream",
    "content-disposition": 'attachment; filename="Return 2027.pdf"',
    "content-length": String(pdf.length),
    "content-security-policy": "default-src 'none'; sandbox",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
  });

  expect((await firm.delete(path)).status).toBe(204);
  expect((await firm.delete(path)).status).toBe(204);
  expect((await firm.get(`${path}/content`)).status).toBe(409);
  expect((await firm.get(path)).body).toMatchObject({ state: "deleted", deletedAt: expect.any(String) as string });
});

test.each<[string, Sent, string]>([
  ["a picture", { name: "receipt.PNG", content: png, type: "image/png" }, "image/png"],
  ["a picture of which its sender says nothing", { name: "receipt.png", content: png }, "image/png"],
  [
    "a document",
    { name: "letter.docx", content: docxOf() },
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  ],
  [
    "a table as Windows calls it",
    { name: "figures.csv", content: "a;b\n1;2\n", type: "application/vnd.ms-excel" },
    "text/csv",
  ],
  [
    "an OpenDocument text",
    {
      name: "a.odt",
      content: zipOf([{ name: "mimetype", data: Buffer.from("application/vnd.oasis.opendocument.text") }]),
    },
    "application/vnd.oasis.opendocument.text",
  ],
])("%s is taken, and told by its content (G3)", async (_what, file, mediaType) => {
  const { status, body } = await upload(file);
  expect([status, body.items?.[0]?.mediaType]).toEqual([201, mediaType]);
});

describe("a file is refused with the reason, and nothing is kept", () => {
  test.each<[string, Sent, RegExp]>([
    ["whose name lies about its kind", { name: "bill.pdf", content: png }, /it is no pdf/],
    ["whose declared type lies", { name: "a.png", content: png, type: "application/pdf" }, /its declared type another/],
    ["that is a program", { name: "tool.exe", content: "MZ" }, /files of this kind are not taken/],
    ["that is a page", { name: "a.html", content: "<script>alert(1)</script>" }, /files of this kind are not taken/],
    ["whose last ending is another one", { name: "a.pdf.js", content: pdf }, /files of this kind are not taken/],
    ["that says it is text and is not", { name: "a.txt", content: Buffer.from([1, 2, 0, 3]) }, /it is no txt/],
    ["that is empty", { name: "a.txt", content: "" }, /it is empty/],
    [
      "that is an archive of no program",
      { name: "a.docx", content: zipOf([{ name: "a", data: pdf }]) },
      /it is no docx/,
    ],
    [
      "that holds macros",
      { name: "a.docx", content: docxOf([{ name: "word/vbaProject.bin", data: pdf }]) },
      /it holds macros/,
    ],
  ])("%s (G3)", async (_what, file, reason) => {
    const before = await documents();
    const { status, body } = await upload(file);
    expect([status, body.errors[0].field]).toEqual([422, "file"]);
    expect(body.detail).toMatch(reason);
    expect(await documents()).toEqual(before);
  });
});

test("a name leads nowhere, hides nothing and turns nothing around (G3)", async () => {
  const names = ["../../etc/passwd.txt", "C:\\temp\\a.txt", "in\u202Evoice\u200B.txt", " .a  b?.txt. "];
  const kept: string[] = [];
  for (const [at, name] of names.entries()) {
    const { body } = await upload({ name, content: `figures ${at}` });
    kept.push(body.items[0].name as string);
  }
  expect(kept).toEqual(["passwd.txt", "a.txt", "invoice.txt", "a b_.txt"]);
});

test("of 2 GB no more is read than a file may have, in flat memory, and nothing is kept (G3, S38)", async () => {
  const before = await documents();
  const rss = process.memoryUsage().rss;
  const { status, sent } = await sendEndless(2_000_000_000);
  expect(status).toBe(413);
  expect(sent).toBeLessThan(500_000_000);
  expect(process.memoryUsage().rss - rss).toBeLessThan(200_000_000);
  expect(await documents()).toEqual(before);
});

test("a connection that is cut in the middle of a file leaves nothing, and the API goes on (G3)", async () => {
  const before = await documents();
  const cut = formRequest();
  cut.on("error", () => {});
  cut.write(partHead);
  cut.write("figures ".repeat(1_000), () => cut.destroy());
  await new Promise((resolve) => cut.once("close", resolve));
  expect((await upload({ name: "after.txt", content: "after the cut" })).status).toBe(201);
  expect((await documents()).map(({ name }) => name)).toEqual(["after.txt", ...before.map(({ name }) => name)]);
});

test("what is no form, a form without a file, or one with too many, is refused (S38, S43)", async () => {
  const path = `/v1/clients/${clientId}/documents`;
  expect((await firm.post(path, {})).status).toBe(415);
  const multipart = { "content-type": "multipart/form-data" };
  expect((await firm.post(path, "x", multipart)).status).toBe(400);
  expect((await firm.post(path, formOf([]))).status).toBeGreaterThanOrEqual(400);
  const many = Array.from({ length: 11 }, (_, at) => ({ name: `${at}.txt`, content: `file ${at}` }));
  expect((await firm.post(path, formOf(many))).status).toBe(413);
  expect((await upload({ name: "a.txt", content: "x" }, { owner: "me" })).status).toBe(422);
  expect((await upload({ name: "a.txt", content: "x" }, { itemId: "x" })).status).toBe(422);
});

test("two uploads of the same content at once are one document; for another client it is another one (G3)", async () => {
  const send = () => upload({ name: "twice.txt", content: "the same figures" });
  const both = await Promise.all([send(), send(), send()]);
  expect(new Set(both.map(({ body }) => body.items[0].id as string)).size).toBe(1);
  const other = await firm.client();
  const form = formOf([{ name: "twice.txt", content: "the same figures" }]);
  const { body } = await firm.post(`/v1/clients/${other}/documents`, form);
  expect(body.items[0].id).not.toBe(both[0]?.body.items[0].id);
  expect((await documents()).filter(({ name }) => name === "twice.txt")).toHaveLength(1);
});

const BOUNDARY = "a-boundary-of-tests";
const partHead = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="endless.txt"\r\n\r\n`;

function formRequest() {
  const headers = {
    authorization: `Bearer ${firm.token}`,
    "content-type": `multipart/form-data; boundary=${BOUNDARY}`,
    "transfer-encoding": "chunked",
  };
  return request(`${api.url}/v1/clients/${clientId}/documents`, { method: "POST", headers });
}

/** Send a file until it is answered; `sent` is how much went out by then. */
async function sendEndless(most: number): Promise<{ status: number; sent: number }> {
  const req = formRequest();
  req.on("error", () => {});
  const piece = Buffer.alloc(256 * 1024, "figures ");
  let sent = 0;
  const answer = { status: 0 };
  const answered = new Promise<void>((resolve) =>
    req.once("response", (res) => {
      answer.status = res.statusCode ?? 0;
      res.resume();
      resolve();
    }),
  );
  req.write(partHead);
  const pump = async () => {
    while (answer.status === 0 && sent < most && !req.destroyed) {
      sent += piece.length;
      if (!req.write(piece)) await Promise.race([new Promise((resolve) => req.once("drain", resolve)), answered]);
    }
  };
  await Promise.all([pump(), answered]);
  req.destroy();
  return { ...answer, sent };
}
