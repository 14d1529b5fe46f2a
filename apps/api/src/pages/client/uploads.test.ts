import { eicar, pdf } from "@reminder-app/files/given-files";
import { liveSystem } from "@reminder-app/testing/given-business";
import { readAccountMail } from "@reminder-app/testing/given-mailbox";
import { expireLink } from "@reminder-app/testing/given-rows";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GivenApi, type GivenFirm, givenApi } from "../../given-api.ts";
import { givenChecklist } from "../../given-checklist.ts";
import { givenClamd } from "../../given-clamd.ts";
import { formOf } from "../../given-form.ts";

let api: GivenApi;
let firm: GivenFirm;
let clamd: Awaited<ReturnType<typeof givenClamd>>;
beforeAll(async () => {
  clamd = await givenClamd();
  api = await givenApi({ CLAMD_URL: clamd.url, UPLOAD_MAX_BYTES: "100000" });
  firm = await api.firm();
});
afterAll(async () => {
  await api.close();
  await clamd.stop();
});

const post = (path: string, body?: FormData) => api.call("POST", path, { body });
const visitsOf = async ({ clientId }: { clientId: string }, linkId: string) => {
  const { body } = await firm.get(`/v1/clients/${clientId}/links/${linkId}/visits?limit=100`);
  return (body.items as { use: string; about: string | null }[]).map(({ use }) => use);
};

test("a client sees what is missing, sends several files for it without JavaScript, and is told so (G3, G2)", async () => {
  const asked = await givenChecklist({ api, firm }, ["Bank <statement>", "Payroll"]);
  const [bank] = await asked.items();
  const before = await api.call("GET", asked.page);
  expect(before.text).toContain("Bank &lt;statement&gt;");
  expect(before.text).toMatch(/<form method="post" action="[^"]+" enctype="multipart\/form-data">/);

  const two = formOf([
    { name: "March.pdf", content: pdf, type: "application/pdf" },
    { name: "April.txt", content: "figures of April" },
  ]);
  const sent = await post(`${asked.page}/items/${bank!.id}`, two);
  expect([sent.status, sent.headers.get("location")]).toEqual([303, `${asked.page}?told=uploaded`]);
  const [item] = await asked.items();
  expect(item).toMatchObject({ state: "received", documents: [{ name: "April.txt" }, { name: "March.pdf" }] });
  const { body } = await firm.get(`/v1/documents/${item!.documents[0]!.id}`);
  expect(body).toMatchObject({ direction: "from_client", uploadedBy: `contact:${asked.contactId}` });
  const after = await api.call("GET", `${asked.page}?told=uploaded`);
  expect(after.text).toContain("We received what you sent");
  expect(after.text).toContain("received, we are looking at it");
  expect(await visitsOf(asked, asked.linkId)).toEqual(["scanned", "uploaded", "uploaded", "scanned"]);
});

test("a file with a virus is refused on the page, and only that it came is kept (G3)", async () => {
  const asked = await givenChecklist({ api, firm }, ["Bank statement"]);
  const [bank] = await asked.items();
  const refused = await asked.send(bank!.id, `figures\n${eicar}\n`);
  expect([refused.status, refused.text.includes("a virus was found in it")]).toEqual([422, true]);
  expect(await asked.items()).toMatchObject([{ state: "missing", documents: [] }]);
  const { body } = await firm.get(`/v1/clients/${asked.clientId}/documents`);
  expect(body.items).toMatchObject([{ state: "infected", name: "figures.txt" }]);
  expect((await firm.get(`/v1/documents/${body.items[0].id}/content`)).status).toBe(409);
});

test("while nobody can look for viruses no file is taken, and health says whether somebody does (G3)", async () => {
  const alone = await givenApi({ CLAMD_URL: "tcp://127.0.0.1:1" });
  const theirs = await alone.firm();
  const asked = await givenChecklist({ api: alone, firm: theirs }, ["Bank statement"]);
  const [bank] = await asked.items();
  const refused = await asked.send(bank!.id);
  expect([refused.status, refused.text.includes("could not be checked just now")]).toEqual([503, true]);
  expect((await theirs.get(`/v1/clients/${asked.clientId}/documents`)).body.items).toEqual([]);
  expect((await asked.items())[0]?.state).toBe("missing");
  expect((await alone.call("GET", "/health/ready")).body.virusScan).toBe("on");
  await alone.close();
  const without = await givenApi();
  expect((await without.call("GET", "/health/ready")).body.virusScan).toBe("off");
  await without.close();
});

test.each<[string, { name: string; content: string | Buffer }, number, string]>([
  ["whose name lies", { name: "bill.pdf", content: "no pdf" }, 422, "cannot be taken"],
  ["that is too large", { name: "a.txt", content: Buffer.alloc(100_001, "a") }, 413, "is too large"],
  ["that was not chosen", { name: "", content: "" }, 400, "Choose a file first"],
])("a file %s is refused on the page, in words (G3)", async (_what, file, status, words) => {
  const asked = await givenChecklist({ api, firm }, ["Bank statement"]);
  const [bank] = await asked.items();
  const answer = await post(`${asked.page}/items/${bank!.id}`, formOf([file]));
  expect([answer.status, answer.text.includes(words)]).toEqual([status, true]);
  expect(answer.headers.get("content-type")).toContain("text/html");
  expect((await asked.items())[0]?.state).toBe("missing");
});

test("a line of somebody else's list, of another firm's, or of none is not there (S21, S26)", async () => {
  const [mine, theirs] = await Promise.all([
    givenChecklist({ api, firm }, ["A"]),
    givenChecklist({ api, firm }, ["B"]),
  ]);
  const rival = await api.firm();
  const foreign = await givenChecklist({ api, firm: rival }, ["C"]);
  const ids = [(await theirs.items())[0]!.id, (await foreign.items())[0]!.id, mine.assignmentId, "no-id"];
  for (const id of ids) expect((await mine.send(id)).status).toBe(404);
  expect(await theirs.items()).toMatchObject([{ state: "missing" }]);
});

test("by a link that was taken away nothing is sent any more, nor for what is not asked any more (S26, G1)", async () => {
  const asked = await givenChecklist({ api, firm }, ["A"]);
  const [item] = await asked.items();
  await firm.post(asked.list.replace(/checklist$/, "cancel"));
  expect((await asked.send(item!.id)).status).toBe(409);
  await firm.delete(`/v1/clients/${asked.clientId}/links/${asked.linkId}`);
  expect((await asked.send(item!.id)).status).toBe(410);
  expect(await asked.items()).toMatchObject([{ state: "missing", documents: [] }]);
});

/** A document for a client, and a link to it. */
async function givenDocument() {
  const clientId = await firm.client();
  const stored = await firm.post(`/v1/clients/${clientId}/documents`, formOf([{ name: "Return.pdf", content: pdf }]));
  const documentId = stored.body.items[0].id as string;
  const made = (await firm.post(`/v1/documents/${documentId}/links`, { days: 30 })).body;
  return { clientId, documentId, linkId: made.id as string, path: new URL(made.url as string).pathname };
}

test("a link to a document opens that one, is logged, and ends when it is revoked (G1, S26)", async () => {
  const { clientId, documentId, linkId, path } = await givenDocument();
  const { status, text } = await api.call("GET", path);
  expect([status, text.includes("Return.pdf")]).toEqual([200, true]);
  const saved = await api.call("GET", `${path}/content`);
  expect([saved.status, saved.text]).toEqual([200, pdf.toString()]);
  expect(saved.headers.get("content-disposition")).toContain("attachment");
  expect(await visitsOf({ clientId }, linkId)).toEqual(["downloaded", "scanned"]);
  expect((await api.call("GET", path.replace("/d/", "/p/"))).status).toBe(404);

  await firm.delete(`/v1/clients/${clientId}/links/${linkId}`);
  expect((await api.call("GET", path)).status).toBe(410);
  expect((await api.call("GET", `${path}/content`)).status).toBe(410);
  expect((await firm.get(`/v1/documents/${documentId}/content`)).status).toBe(200);
});

test("an expired link to a document offers a new one, which goes to the address on file and leads to it (G1, S26)", async () => {
  const clientId = await firm.client();
  const client = (await firm.get(`/v1/clients/${clientId}`)).body;
  const { id: contactId, addresses } = client.contacts[0];
  const stored = await firm.post(`/v1/clients/${clientId}/documents`, formOf([{ name: "Return.pdf", content: pdf }]));
  const documentId = stored.body.items[0].id as string;
  const made = (await firm.post(`/v1/documents/${documentId}/links`, { contactId })).body;
  const path = new URL(made.url as string).pathname;
  await expireLink(made.id as string);
  const shown = await api.call("GET", path);
  expect([shown.status, shown.text.includes(`action="${path}/new-link"`)]).toEqual([410, true]);
  expect((await api.call("GET", `${path}/content`)).status).toBe(410);
  expect((await post(`${path}/new-link`)).status).toBe(200);
  const [mail] = await readAccountMail(liveSystem, addresses.email as string);
  const page = /\/p\/[\w-]{43}/.exec(mail?.text ?? "")?.[0] ?? "";
  expect((await api.call("GET", page)).text).toContain(`href="${page}/documents/${documentId}"`);
});

test("a link opens a document no more once that was deleted (G1)", async () => {
  const { documentId, path } = await givenDocument();
  await firm.delete(`/v1/documents/${documentId}`);
  expect((await api.call("GET", path)).status).toBe(410);
  expect((await api.call("GET", `${path}/content`)).status).toBe(410);
});

test("fifty scanners that open the link to a document change nothing but its log (G4)", async () => {
  const { clientId, linkId, path, documentId } = await givenDocument();
  const before = (await firm.get(`/v1/documents/${documentId}`)).body;
  for (let at = 0; at < 25; at += 1) await Promise.all([api.call("GET", path), api.call("HEAD", `${path}/content`)]);
  expect((await firm.get(`/v1/documents/${documentId}`)).body).toEqual(before);
  expect(await visitsOf({ clientId }, linkId)).toHaveLength(50);
});

test("on their page a client saves what the firm sent them, and nothing that is another client's (G3, S21)", async () => {
  const { documentId, clientId } = await givenDocument();
  const link = (await firm.post(`/v1/clients/${clientId}/links`, {})).body;
  const page = new URL(link.url as string).pathname;
  expect((await api.call("GET", page)).text).toContain(`href="${page}/documents/${documentId}"`);
  expect((await api.call("GET", `${page}/documents/${documentId}`)).text).toBe(pdf.toString());
  const other = await givenDocument();
  expect((await api.call("GET", `${page}/documents/${other.documentId}`)).status).toBe(404);
});
