import { afterAll, beforeAll, expect, test } from "vitest";
import { type GivenApi, type GivenFirm, givenApi } from "../given-api.ts";

let api: GivenApi;
let firm: GivenFirm;
beforeAll(async () => {
  api = await givenApi();
  firm = await api.firm();
});
afterAll(() => api.close());

const DAY_MS = 86_400_000;
const dayAhead = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

const sequence = {
  kind: "sequence",
  zone: "UTC",
  steps: [
    { id: "t-7", days: -7, time: "09:00" },
    { id: "t-1", days: -1, time: "09:00" },
  ],
};

/** A firm with a sequence, and three clients on it whose steps come in 3, 9, 5, 11, 7 and 13 days. */
async function givenSequence() {
  const own = await api.firm();
  const reminderId = await own.reminder({ schedule: sequence });
  const clients: string[] = [];
  for (const days of [10, 12, 14]) {
    const clientId = await own.client();
    clients.push(clientId);
    const assignments = [{ clientId, dueOn: dayAhead(days) }];
    expect((await own.post(`/v1/reminders/${reminderId}/assignments`, { assignments })).status).toBe(201);
  }
  return { own, reminderId, clients };
}

interface Send {
  readonly assignmentId: string;
  readonly slotKey: string;
  readonly clientId: string;
  readonly dueAt: string;
  readonly status: string;
}

async function outbox(of: Pick<GivenFirm, "get">, query = "") {
  const { status, body } = await of.get(`/v1/outbox?${query}`);
  expect(status).toBe(200);
  return body as { items: Send[]; nextCursor?: string };
}

const days = ({ items }: { items: readonly Send[] }) => items.map(({ dueAt }) => dueAt.slice(0, 10));

test("the outbox lists what is to come in the order of time, whichever client it goes to, in plain words (A17, K6)", async () => {
  const { own } = await givenSequence();
  const listed = await outbox(own);
  expect(days(listed)).toEqual([3, 5, 7, 9, 11, 13].map(dayAhead));
  expect(listed.items.every(({ status }) => status === "planned")).toBe(true);
  expect(listed.items[0]).toMatchObject({ reason: null, sentence: "It goes when its time comes." });
});

test("the outbox is paged without a gap or a repetition (A17)", async () => {
  const { own } = await givenSequence();
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await outbox(own, `limit=2${cursor ? `&cursor=${cursor}` : ""}`);
    expect(page.items.length).toBeLessThanOrEqual(2);
    seen.push(...days(page));
    cursor = page.nextCursor;
  } while (cursor);
  expect(seen).toEqual([3, 5, 7, 9, 11, 13].map(dayAhead));
});

test("the outbox is filtered by reminder, client, contact, channel, status and time (A17)", async () => {
  const { own, reminderId, clients } = await givenSequence();
  const count = async (query: string) => (await outbox(own, query)).items.length;
  const other = await own.reminder({ schedule: sequence });
  expect(await count(`reminderId=${reminderId}`)).toBe(6);
  expect(await count(`reminderId=${other}`)).toBe(0);
  expect(await count(`clientId=${clients[0]}`)).toBe(2);
  const contactId = (await own.get(`/v1/clients/${clients[0]}`)).body.contacts[0].id;
  expect(await count(`contactId=${contactId}`)).toBe(2);
  expect(await count("channel=email")).toBe(6);
  expect(await count("channel=sms")).toBe(0);
  expect(await count("status=held")).toBe(0);
  expect(await count(`from=${dayAhead(5)}T00:00:00Z&to=${dayAhead(9)}T23:00:00Z`)).toBe(3);
});

test("what is decided in the outbox shows in it (A17)", async () => {
  const { own, clients } = await givenSequence();
  const [first, second] = (await outbox(own, `clientId=${clients[0]}`)).items;
  const decide = async (send: Send | undefined, decision: string, text = {}) => {
    const sends = [{ assignmentId: send?.assignmentId, slotKey: send?.slotKey }];
    const { status } = await own.post("/v1/outbox/decisions", { sends, decision, ...text });
    expect(status).toBe(200);
  };
  await decide(first, "hold");
  await decide(second, "skip");
  await decide(second, "edit", { body: "Only this once." });
  expect((await outbox(own, `clientId=${clients[0]}`)).items).toMatchObject([
    { status: "held", reason: "held_by_staff", sentence: "Staff held it back.", edited: null },
    {
      status: "will_skip",
      reason: "skipped_by_staff",
      sentence: "Staff chose to leave it out.",
      expectedAt: null,
      edited: { subject: null, body: "Only this once." },
    },
  ]);
  expect((await outbox(own, "status=held")).items).toHaveLength(1);
});

test("staff who work with some clients see what goes to these, and decide about it alone (A17)", async () => {
  const { own, clients } = await givenSequence();
  const limited = await own.member("staff", { limited: true });
  await own.put(`/v1/clients/${clients[1]}/staff`, { memberIds: [limited.id] });
  const theirs = await outbox(limited);
  expect(theirs.items.map(({ clientId }) => clientId)).toEqual([clients[1], clients[1]]);
  const foreign = (await outbox(own, `clientId=${clients[0]}`)).items[0];
  const sends = [{ assignmentId: foreign?.assignmentId, slotKey: foreign?.slotKey }];
  expect((await limited.post("/v1/outbox/decisions", { sends, decision: "hold" })).status).toBe(404);
});

test.each([
  [`to=${dayAhead(31)}T23:00:00Z`, "to"],
  [`from=${dayAhead(9)}T00:00:00Z&to=${dayAhead(5)}T00:00:00Z`, "from"],
  ["cursor=MTIz", "cursor"],
])("a list of the outbox that cannot be is refused by name: %s (A17)", async (query, field) => {
  const { status, body } = await firm.get(`/v1/outbox?${query}`);
  expect([status, body.errors?.[0]?.field]).toEqual([422, field]);
});

test("a rehearsal tells the months ahead, with what goes on which day and how much it is (A17)", async () => {
  const { own, clients } = await givenSequence();
  const { body } = await own.get(`/v1/rehearsal?months=2&clientId=${clients[0]}`);
  expect(body.timeZone).toBe("Europe/London");
  const told = body.months.flatMap((month: { days: { day: string; sends: object[] }[] }) =>
    month.days.map(({ day, sends }) => [day, sends.length]),
  );
  expect(told).toEqual([3, 9].map((ahead) => [dayAhead(ahead), 1]));
  expect(body.months.reduce((sum: number, { goes }: { goes: number }) => sum + goes, 0)).toBe(2);
  expect((await own.get("/v1/rehearsal?months=25")).status).toBe(422);
});
