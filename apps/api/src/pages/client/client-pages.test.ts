import { expireLink } from "@reminder-app/testing/given-rows";
import { liveSystem } from "@reminder-app/testing/given-business";
import { readAccountMail } from "@reminder-app/testing/given-mailbox";
import ICAL from "ical.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GivenApi, type GivenFirm, givenApi } from "../../given-api.ts";
import { beforeDue, dayFromNow, givenClientPage } from "../../given-client-page.ts";
import { languages } from "./texts/texts.ts";

let api: GivenApi;
let firm: GivenFirm;
const lines: string[] = [];
beforeAll(async () => {
  api = await givenApi({}, { write: (line) => void lines.push(line) });
  firm = await api.firm();
});
afterAll(() => api.close());

const givenPage = (contact: object = {}) => givenClientPage(api, firm, contact);
const payment = { name: "Invoice 118", type: "payment", stopRule: "paid", schedule: beforeDue };
const owed = { dueOn: dayFromNow(10), amount: 48_250, currency: "GBP" };

/** The one event of a calendar file. */
function eventIn(file: string): ICAL.Event {
  const [event] = new ICAL.Component(ICAL.parse(file)).getAllSubcomponents("vevent");
  return new ICAL.Event(event);
}

test("one link opens all that is asked of a client, what was settled, and how they are written to (I1)", async () => {
  const page = await givenPage();
  await page.ask({ name: "VAT <return>", schedule: beforeDue }, { period: "2027-Q1", dueOn: "2027-01-02" });
  await page.ask(payment, owed);
  await page.ask({ name: "Bank statements", type: "document", stopRule: "received" });
  const settled = await page.ask({ name: "Payroll" });
  await firm.post(`/v1/reminders/${settled.reminderId}/assignments/${settled.assignmentId}/done`, {});
  await page.ask({ name: "Not started", activate: false });

  const { status, text, headers } = await page.get();
  expect(status).toBe(200);
  for (const shown of ["VAT &lt;return&gt;", "2027-Q1", "2 January 2027", "£482.50", "Bank statements", "Rosewood"])
    expect(text).toContain(shown);
  expect(text).toMatch(/Recently settled[\s\S]*Payroll[\s\S]*In your calendar[\s\S]*a•••@firms\.example/);
  expect(text).not.toContain("Not started");
  expect(text).not.toMatch(/<script|\son\w+=|\sstyle=/i);
  expect(Object.fromEntries(headers)).toMatchObject({
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex",
    "x-frame-options": "DENY",
    "content-security-policy": expect.stringMatching(
      /^default-src 'none'; style-src 'self'; form-action 'self' https:\/\/checkout\.stripe\.com[^;]*; base-uri 'none'; frame-ancestors 'none'$/,
    ),
  });
});

test("a client whom nothing is asked of is told so (I1)", async () => {
  const page = await givenPage();
  expect((await page.get()).text).toContain("There is nothing that you need to do");
});

test("fifty scanners that open a link, and what it leads to, change nothing but its access log (G4, S26)", async () => {
  const page = await givenPage();
  const asked = await page.ask({ stopRule: "done" });
  const before = await asked.now();
  const paths = ["", "/calendar", "?told=done", `/answers/${asked.assignmentId}`, "/preferences", "/pay", "/new-link"];
  const opened = await Promise.all(
    Array.from({ length: 50 }, (_, at) => {
      const path = page.path + (paths[at % paths.length] ?? "");
      return api.call(at % 2 ? "GET" : "HEAD", path, { headers: { purpose: "prefetch" } });
    }),
  );
  expect(new Set(opened.map(({ status }) => status))).toEqual(new Set([200, 404]));
  expect(await asked.now()).toEqual(before);
  expect(new Set((await page.visits()).map(({ use }) => use))).toEqual(new Set(["scanned"]));
  expect((await firm.get(`/v1/clients/${page.clientId}`)).body.contacts[0].suppressed).toEqual({});
});

const firefox = { "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0" };

test("the report of visits counts people, keeps scanners apart, and is empty for a firm that switched it off (K3)", async () => {
  const [ours, theirs] = await Promise.all([api.firm(), api.firm()]);
  await theirs.patch("/v1/business", { countVisits: false });
  const pages = [
    await givenClientPage(api, ours),
    await givenClientPage(api, ours),
    await givenClientPage(api, theirs),
  ];
  for (const page of pages) {
    for (let visit = 0; visit < 5; visit += 1) await api.call("GET", page.path);
    await api.call("GET", page.path, { headers: firefox });
    await api.call("GET", page.path, { headers: firefox });
  }
  const report = async (firmOf: GivenFirm) => (await firmOf.get("/v1/reports/visits")).body;
  expect(await report(ours)).toMatchObject({ counted: true, lines: [{ opened: 4, clients: 2, scanned: 10 }] });
  expect(await report(theirs)).toMatchObject({ counted: false, lines: [] });
});

test("done closes what is asked, and the page and the firm's timeline tell so (I2, B2)", async () => {
  const page = await givenPage();
  const asked = await page.ask({ stopRule: "done" });
  const answers = `/answers/${asked.assignmentId}`;
  const said = await page.post(answers, { answer: "done" });
  expect([said.status, said.headers.get("location")]).toEqual([303, `${page.path}?told=done`]);
  expect((await page.post(answers, { answer: "done" })).status).toBe(303);
  expect(await asked.now()).toMatchObject({ state: "done", closedBecause: "done" });
  expect((await page.get("?told=done")).text).toContain("It is noted as done");

  const { items } = (await firm.get("/v1/audit?limit=30")).body as { items: Record<string, unknown>[] };
  const trail = items.filter(
    ({ action, entityId }) => action === "assignment.answered" && entityId === asked.assignmentId,
  );
  expect(trail).toMatchObject([{ actor: "system:client-page", details: { answer: "done", linkId: page.linkId } }]);
  const timeline = (await firm.get(`/v1/clients/${page.clientId}/timeline`)).body.items as { sentence: string }[];
  expect(timeline.map(({ sentence }) => sentence)).toContain("“VAT return” is done, the client said on their page.");
  expect(await page.visits()).toMatchObject([
    { use: "scanned" },
    { use: "answered", about: `done:${asked.assignmentId}` },
  ]);
});

test("paid another way and not for me hold the chase for staff, and the page tells how it stands (I2)", async () => {
  const page = await givenPage();
  const invoice = await page.ask(payment, owed);
  const other = await page.ask({ name: "Filing", stopRule: "done" });
  await page.post(`/answers/${invoice.assignmentId}`, { answer: "says_paid" });
  await page.post(`/answers/${other.assignmentId}`, { answer: "not_applicable" });
  expect([(await invoice.now())["hold"], (await other.now())["hold"]]).toEqual(["says_paid", "not_applicable"]);
  expect((await page.tasks()).toSorted()).toEqual(["not_applicable", "says_paid"]);
  const { text } = await page.get();
  expect(text).toContain("this was paid another way. We are checking it");
  expect(text).toContain("this is not for you. We are checking it");
});

test("more time is asked for by a day, and a day that cannot be is told with those that can (B6, I2)", async () => {
  const page = await givenPage();
  const asked = await page.ask({ stopRule: "done" });
  const answers = `/answers/${asked.assignmentId}`;
  for (const until of ["", "tomorrow", "2020-01-01", dayFromNow(70)]) {
    const wrong = await page.post(answers, { answer: "promise", until });
    expect([wrong.status, wrong.text.includes('role="alert"')]).toEqual([422, true]);
    expect(wrong.text).toContain("Choose a day from");
  }
  expect((await page.post(answers, { answer: "promise", until: dayFromNow(5) })).status).toBe(303);
  expect(await asked.now()).toMatchObject({ state: "open", hold: "promise" });
  expect((await page.get()).text).toContain("You asked for more time");
});

test("what was settled meanwhile is told, and an answer about what is another's finds nothing (I2, S20)", async () => {
  const [page, stranger] = [await givenPage(), await givenPage()];
  const asked = await page.ask({ stopRule: "done" });
  for (const id of [asked.assignmentId, asked.reminderId, "x"]) {
    const { status } = await stranger.post(`/answers/${id}`, { answer: "done" });
    expect(status).toBe(404);
  }
  expect(await asked.now()).toMatchObject({ state: "open" });
  await page.post(`/answers/${asked.assignmentId}`, { answer: "done" });
  const late = await page.post(`/answers/${asked.assignmentId}`, { answer: "not_applicable" });
  expect([late.status, late.text.includes("settled meanwhile")]).toEqual([409, true]);
});

test("an expired link offers a new one, which goes to the address on file; the answer is the same for all (G1, S26)", async () => {
  const [page, unreachable] = [await givenPage(), await givenPage({ addresses: { sms: "+442079460321" } })];
  await Promise.all([expireLink(page.linkId), expireLink(unreachable.linkId)]);
  const shown = await page.get();
  expect([shown.status, shown.text.includes("Send me a new link")]).toEqual([410, true]);
  expect((await page.post("/preferences", { change: "stop_all" })).status).toBe(410);

  const answers = [await page.post("/new-link"), await unreachable.post("/new-link")];
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  expect(answers[0]?.text).toBe(answers[1]?.text);
  const [mail] = await readAccountMail(liveSystem, page.email);
  const renewed = /\/p\/[\w-]{43}/.exec(mail?.text ?? "")?.[0] ?? "";
  expect((await api.call("GET", renewed)).status).toBe(200);
  expect(await unreachable.tasks()).toEqual(["link_asked"]);
  expect((await page.visits()).map(({ use }) => use)).toEqual(["asked_again", "refused", "refused"]);
});

test("a link that was taken away opens nothing, and who asks for another gets staff's attention (G1, S26)", async () => {
  const page = await givenPage();
  const asked = await page.ask({ stopRule: "done" });
  await firm.delete(`/v1/clients/${page.clientId}/links/${page.linkId}`);
  expect((await page.get()).status).toBe(410);
  expect((await page.post(`/answers/${asked.assignmentId}`, { answer: "done" })).status).toBe(410);
  expect((await page.post("/new-link")).status).toBe(200);
  expect(await page.tasks()).toEqual(["link_asked"]);
  expect(await readAccountMail(liveSystem, page.email)).toEqual([]);
});

test.each(Object.entries(languages))(
  "in %s the page says its language and has its words (I1)",
  async (tag, { texts }) => {
    const page = await givenPage({ locale: tag });
    await page.ask(payment, owed);
    const { text } = await page.get();
    expect(text).toContain(`<html lang="${tag}">`);
    for (const words of [texts.open, texts.answers.says_paid.open, texts.preferences.heading])
      expect(text).toContain(words);
  },
);

test("a language that there is none of is answered in English, and the client chooses another (I1)", async () => {
  const page = await givenPage({ locale: "fi" });
  expect((await page.get()).text).toContain('<html lang="en">');
  await page.post("/preferences", { change: "language", language: "es" });
  expect((await page.get("?told=preferences")).text).toMatch(/<html lang="es">[\s\S]*Su elección se guardó/);
});

test("a client stops and starts channels on their page (I1, D3)", async () => {
  const page = await givenPage();
  const suppressed = async () => (await firm.get(`/v1/clients/${page.clientId}`)).body.contacts[0].suppressed;
  await page.post("/preferences", { change: "stop", channel: "email" });
  expect(await suppressed()).toMatchObject({ email: { reason: "opted_out" } });
  expect((await page.get("?told=stopped")).text).toContain("Get email again");
  await page.post("/preferences", { change: "start", channel: "email" });
  expect(await suppressed()).toEqual({});
});

test("the calendar is a link of its own, made by a form, and opens due dates alone (G5, S26)", async () => {
  const page = await givenPage();
  const { reminderId, assignmentId } = await page.ask({ schedule: beforeDue }, { dueOn: "2031-05-07" });
  expect((await page.get("/calendar")).text).not.toContain("webcal:");
  expect((await page.post("/calendar")).status).toBe(303);
  const feed = /\/p\/[\w-]{43}\/calendar\.ics/.exec((await page.get("/calendar")).text)?.[0] ?? "";
  const { status, headers, text } = await api.call("GET", feed);
  expect([status, headers.get("content-type")]).toEqual([200, "text/calendar; charset=utf-8"]);
  await firm.patch(`/v1/reminders/${reminderId}/assignments/${assignmentId}`, { dueOn: "2031-06-07" });
  const [before, after] = [text, (await api.call("GET", feed)).text].map(eventIn);
  expect([before?.startDate.toString(), after?.startDate.toString()]).toEqual(["2031-05-07", "2031-06-07"]);
  expect([after?.uid, after?.summary]).toEqual([before?.uid, "VAT return"]);
  expect(after?.sequence).toBeGreaterThan(before?.sequence ?? 0);
  expect((await api.call("GET", feed.replace("/calendar.ics", ""))).status).toBe(404);
  expect((await page.get("/calendar.ics")).status).toBe(404);
});

test("a link that nobody has is a page that says so, whatever is asked of it (S26, S43)", async () => {
  for (const token of ["x", "A".repeat(43), "%00", "a".repeat(5_000)])
    for (const [method, more] of [
      ["GET", ""],
      ["GET", "/calendar.ics"],
      ["POST", "/new-link"],
      ["POST", "/pay"],
    ] as const) {
      const { status, headers } = await api.call(method, `/p/${token}${more}`);
      expect([status, headers.get("content-type")]).toEqual([404, "text/html; charset=utf-8"]);
    }
});

test("guessing links is slowed down for a network, and a good link is not (S26)", async () => {
  const guarded = await givenApi({ ABUSE_LIMITS: "1" });
  const page = await givenPage();
  const from = (network: string) => ({ headers: { "x-forwarded-for": network } });
  const guess = () => guarded.call("GET", `/p/${"B".repeat(43)}`, from("203.0.113.7"));
  const guessed = [];
  for (let at = 0; at < 12; at += 1) guessed.push((await guess()).status);
  expect(guessed).toEqual([...Array.from({ length: 10 }, () => 404), 429, 429]);
  await guarded.close();
  expect((await page.get()).status).toBe(200);
});

test("a form over 8 KB is refused (S38)", async () => {
  const page = await givenPage();
  expect((await page.post("/preferences", { change: "x".repeat(9_000) })).status).toBe(413);
});

test("the access log names the same network alike, and no log of ours has a link's token (G1, S42)", async () => {
  const page = await givenPage();
  await page.get();
  await page.get();
  const networks = (await page.visits()).map(({ network }) => network);
  expect(networks).toEqual([networks[0], networks[0]]);
  expect(networks[0]).not.toContain("127");
  const logged = lines.join("\n");
  expect(logged).toContain("GET /p/:token");
  expect(logged).not.toContain(page.path.slice(-43));
});

test("a business's colour must be one that white can be read on, and its pages then have it (I1)", async () => {
  const other = await api.firm();
  const pale = await other.patch("/v1/business", { branding: { color: "#ffd54f" } });
  expect(pale.status).toBe(422);
  expect(pale.body.errors[0].message).toMatch(/contrast of 1\.\d to 1 with white/);
  await other.patch("/v1/business", { branding: { color: "#1F4E79", email: "hello@harbour.example" } });
  const page = await givenClientPage(api, other);
  const { text } = await page.get();
  expect(text).toContain('href="/pages/brand/1f4e79.css"');
  expect(text).toContain('href="mailto:hello@harbour.example"');
  const style = await api.call("GET", "/pages/brand/1f4e79.css");
  expect([style.headers.get("content-type"), style.text]).toEqual([
    "text/css; charset=utf-8",
    expect.stringContaining("#1f4e79"),
  ]);
  expect((await api.call("GET", "/pages/brand/red;}.css")).status).toBe(404);
});
