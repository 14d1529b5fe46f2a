import { type GivenBusiness, givenBusiness } from "@reminder-app/testing/given-business";
import { importFile, takeIn, testFiles } from "@reminder-app/testing/given-import";
import { expect, test } from "vitest";
import { archiveClient } from "../clients/archive-client.ts";
import { getClient } from "../clients/get-client.ts";
import { PageClientsQuery, pageClients } from "../clients/page-clients.ts";
import { suppressByHand } from "../consent/suppress-by-hand.ts";
import { MergeClientInput, mergeClient } from "../duplicates/merge-client.ts";
import { clientTagRepo } from "../tags/client-tags.repo.ts";
import { ImportErrorsQuery, pageImportErrors } from "./page-import-errors.ts";
import { getImport } from "./page-imports.ts";
import { runImport } from "./run-import.ts";

const file = [
  "Client name;Client code;E-Mail;Mobile;WhatsApp;Contact person;Roles;Country;Language;Tags;VAT stagger;Year end;Never chase",
  "Hill Ltd;C-1;ada@hill.example;020 7946 0958;;Ada Hill;billing;United Kingdom;en-GB;VAT|monthly;2;31 March;",
  "Dupont SARL;C-2;luc@dupont.example;06 12 34 56 78;;Luc Dupont;;FR;fr-FR;vat;;;",
  "Big Sky Inc;C-3;jo@bigsky.example;;;;;US;;;;;auto_billed",
  "Only Name;;;;;;;;;;;;",
].join("\r\n");

async function clientsOf({ ctx }: GivenBusiness) {
  const { items } = await pageClients(ctx, PageClientsQuery.parse({ limit: 100 }));
  return Promise.all(items.map(({ id }) => getClient(ctx, id)));
}

const counts = { created: 0, changed: 0, unchanged: 0, refused: 0 };

async function refusalsOf({ ctx }: GivenBusiness, id: Parameters<typeof getImport>[1]) {
  const { items } = await pageImportErrors(ctx, id, ImportErrorsQuery.parse({}));
  return items.map(({ row, issues }) => [row, issues.map(({ field, message }) => `${field} ${message}`).join("; ")]);
}

test("clients are made with all that a row says, phones in the form of their country, and zones where a country has one (F3, F5)", async () => {
  const shop = await givenBusiness();
  expect(await importFile(shop, file)).toMatchObject({ state: "done", ...counts, created: 4, rowsDone: 4 });
  const clients = await clientsOf(shop);
  expect(clients).toMatchObject([
    {
      name: "Hill Ltd",
      externalId: "C-1",
      timeZone: "Europe/London",
      locale: "en-GB",
      facts: { vatStagger: "2", yearEnd: "03-31" },
      contacts: [
        { name: "Ada Hill", roles: ["billing"], addresses: { email: "ada@hill.example", sms: "+442079460958" } },
      ],
    },
    {
      name: "Dupont SARL",
      timeZone: "Europe/Paris",
      contacts: [{ addresses: { sms: "+33612345678" }, roles: ["primary"] }],
    },
    { name: "Big Sky Inc", timeZone: null, neverChase: "auto_billed", contacts: [{ name: "Big Sky Inc" }] },
    { name: "Only Name", externalId: null, contacts: [] },
  ]);
  const tags = await clientTagRepo(shop.ctx).listOf(clients.map(({ id }) => id));
  expect(clients.map(({ id }) => tags.get(id))).toEqual([["monthly", "VAT"], ["VAT"], undefined, undefined]);
});

test("importing the same file again changes nothing, and says so (F3)", async () => {
  const shop = await givenBusiness();
  await importFile(shop, file);
  const before = await clientsOf(shop);
  shop.clock.advance(60_000);
  expect(await importFile(shop, file)).toMatchObject({ ...counts, unchanged: 4 });
  expect(await clientsOf(shop)).toEqual(before);
});

test("a client is found by external id, else by e-mail address, and gets only what is different (F3)", async () => {
  const shop = await givenBusiness();
  await importFile(shop, file);
  const again =
    "name,code,email,phone\nHill & Sons,c-1,new@hill.example,\nDupont SARL,,LUC@dupont.example,+33612345679\n";
  expect(await importFile(shop, again)).toMatchObject({ ...counts, changed: 2 });
  expect(await clientsOf(shop)).toMatchObject([
    {
      name: "Hill & Sons",
      externalId: "c-1",
      contacts: [{ name: "Ada Hill", addresses: { email: "new@hill.example", sms: "+442079460958" } }],
    },
    {
      name: "Dupont SARL",
      externalId: "C-2",
      contacts: [{ addresses: { email: "luc@dupont.example", sms: "+33612345679" } }],
    },
    { name: "Big Sky Inc" },
    { name: "Only Name" },
  ]);
});

test("an external id that is new goes to the client with the row's address that has none, and to no other (F3)", async () => {
  const shop = await givenBusiness();
  const rows = "name,code,email\nHill,A-1,same@books.example\nDale,A-2,same@books.example\n";
  const known = await shop.client({
    name: "Hill",
    contacts: [{ name: "Ada", addresses: { email: "same@books.example" } }],
  });
  expect(await importFile(shop, rows)).toMatchObject({ ...counts, changed: 1, created: 1 });
  expect(await clientsOf(shop)).toMatchObject([{ id: known.id, externalId: "A-1" }, { externalId: "A-2" }]);
  expect(await importFile(shop, rows)).toMatchObject({ ...counts, unchanged: 2 });
});

test("rows that cannot be taken are refused one by one, each with all its reasons (F3, F5)", async () => {
  const shop = await givenBusiness();
  await shop.client({ name: "Twice A", contacts: [{ name: "T", addresses: { email: "two@firms.example" } }] });
  await shop.client({ name: "Twice B", contacts: [{ name: "T", addresses: { email: "two@firms.example" } }] });
  const gone = await shop.client({ name: "Gone", externalId: "G-1" });
  await archiveClient(shop.ctx, gone.id);
  const rows = [
    "name,code,email,phone,country,time zone,vat stagger,roles",
    "Good Ltd,1,good@firms.example,,,,,",
    ",2,no-address,12,Atlantis,Mars/Base,9,boss",
    "Good Twice,1,,,,,,",
    "Two,,two@firms.example,,,,,",
    "Gone,G-1,,,,,,",
    "Too many cells,7,,,,,,,extra",
    "Typo,8,ada@gmial.com,,,,,",
  ].join("\n");
  const done = await importFile(shop, rows);
  expect(done).toMatchObject({ ...counts, created: 1, refused: 6, rowsDone: 7 });
  const refusals = await refusalsOf(shop, done.id);
  expect(refusals.map(([row]) => row)).toEqual([3, 4, 5, 6, 7, 8]);
  expect(refusals[0]![1]).toMatch(
    /country must be a country.*roles must be some of.*name must not be empty.*timeZone .*is not an IANA.*vatStagger.*email must be an e-mail.*phone must be a phone number/s,
  );
  expect(refusals.slice(1).map(([, reason]) => reason)).toEqual([
    " is about the same client as row 2, which counts",
    "email belongs to several clients; name the one by its external id",
    "externalId belongs to a client that is archived; restore it first",
    " has 9 cells, and the heading 8",
    "email is at a domain that is most likely mistyped",
  ]);
});

test.each([
  ["GB", "+442079460958", "Europe/London"],
  ["Deutschland", "020 7946 0958", undefined],
  ["uk", "020 7946 0958", "Europe/London"],
  ["Spain", "612 34 56 78", null],
  ["Germany", "030 901820", "Europe/Berlin"],
  ["US", "(415) 555-2671", null],
  ["Japan", "03-1234-5678", "Asia/Tokyo"],
  ["China", "", null],
])(
  "of %s with the number %s the zone is %s: inferred where all clocks of a country agree, else unknown (F5)",
  async (country, phone, zone) => {
    const shop = await givenBusiness();
    await importFile(shop, `name,phone,country\nHill,${phone},${country}\n`);
    const zones = (await clientsOf(shop)).map(({ timeZone }) => timeZone);
    expect(zones).toEqual(zone === undefined ? [] : [zone]);
  },
);

test("a number without a country is taken for one of the business's own country, when that is sure (F5)", async () => {
  const rows = "name,phone\nHill,020 7946 0958\n";
  expect(await importFile(await givenBusiness(), rows)).toMatchObject({ created: 1 });
  expect(await importFile(await givenBusiness({ timeZone: "Europe/Madrid" }), rows)).toMatchObject({ refused: 1 });
});

test("a dry run says what would be, and writes nothing (F3)", async () => {
  const shop = await givenBusiness();
  const rows = `${file}\r\n;C-9;;;;;;;;;;;`;
  const started = await takeIn(shop, rows, { dryRun: true });
  expect(started.preview).toMatchObject({
    mapping: { name: "Client name", externalId: "Client code", email: "E-Mail", phone: "Mobile", yearEnd: "Year end" },
    unused: [],
    rows: [{ row: 2, outcome: "created" }, {}, {}, {}, { row: 6, outcome: "refused", issues: [{ field: "name" }] }],
  });
  await runImport(shop.ctx, started.id, { files: testFiles });
  expect(await getImport(shop.ctx, started.id)).toMatchObject({
    state: "done",
    dryRun: true,
    ...counts,
    created: 4,
    refused: 1,
  });
  expect(await clientsOf(shop)).toEqual([]);
});

test("cells that a spreadsheet would run are taken as the text that they are, and our own apostrophe before them is not (S35)", async () => {
  const shop = await givenBusiness();
  await importFile(shop, "name,code,phone\n=HYPERLINK(1),1,'+442079460958\n'@home,2,\n'Tis Ltd,3,\n");
  expect((await clientsOf(shop)).map(({ name }) => name)).toEqual(["=HYPERLINK(1)", "@home", "'Tis Ltd"]);
});

test("what stands against an address stands against it also when it comes in a file (F3, D5)", async () => {
  const shop = await givenBusiness();
  await suppressByHand(shop.ctx, { channel: "email", address: "no@firms.example" });
  await importFile(shop, "name,email\nHill,no@firms.example\n");
  expect((await clientsOf(shop))[0]!.contacts[0]!.suppressed.email).toBeDefined();
});

test("a business never meets the clients of another, whatever their ids and addresses (J6)", async () => {
  const [shop, rival] = [await givenBusiness(), await givenBusiness()];
  await importFile(rival, file);
  expect(await importFile(shop, file)).toMatchObject({ ...counts, created: 4 });
});

test("who, when and how many is in the audit trail, and no more for each row (F3)", async () => {
  const shop = await givenBusiness();
  await importFile(shop, file);
  expect(await shop.auditTrail()).toEqual(["import.started", "import.done"]);
});

test("new facts of a client go the way that they always go: due dates follow, and it is noted (A10)", async () => {
  const shop = await givenBusiness();
  await importFile(shop, file);
  await importFile(shop, "name,code,vat stagger,paused\nHill Ltd,C-1,3,yes\n");
  const [hill] = await clientsOf(shop);
  expect(hill).toMatchObject({ facts: { vatStagger: "3", yearEnd: "03-31" }, pausedAt: shop.clock.now() });
  expect((await shop.auditTrail()).slice(2)).toEqual([
    "import.started",
    "client.changed",
    "client.paused",
    "import.done",
  ]);
});

test("the external id of a client that turned out to be another one names that one, and both keep their own (F3, F6)", async () => {
  const shop = await givenBusiness();
  const [kept, gone] = [
    await shop.client({ name: "Hill", externalId: "K-1" }),
    await shop.client({ name: "Hill Ltd", externalId: "G-1" }),
  ];
  await mergeClient(shop.ctx, kept.id, MergeClientInput.parse({ from: gone.id }));
  expect(await importFile(shop, "name,code\nHill & Sons,G-1\n")).toMatchObject({ ...counts, changed: 1 });
  expect(await clientsOf(shop)).toMatchObject([{ id: kept.id, name: "Hill & Sons", externalId: "K-1" }]);
  expect(await importFile(shop, "name,code\nHill & Sons,G-1\n")).toMatchObject({ ...counts, unchanged: 1 });
});
