import { AssignClientsInput, assignClients } from "@reminder-app/core/assignments/assign-clients";
import type { Assignment } from "@reminder-app/core/assignments/assignments.repo";
import { HoldInput, holdAssignment } from "@reminder-app/core/assignments/hold-assignment";
import { pauseBusiness } from "@reminder-app/core/businesses/pause-business";
import type { ClientWithContacts } from "@reminder-app/core/clients/get-client";
import { pauseClient } from "@reminder-app/core/clients/pause-client";
import { suppressByHand } from "@reminder-app/core/consent/suppress-by-hand";
import { pauseReminder } from "@reminder-app/core/reminders/pause-reminder";
import { DAY_MS, after } from "@reminder-app/platform/clock";
import { newId } from "@reminder-app/platform/ids";
import * as fc from "fast-check";
import { type GivenTestBusiness, givenTestBusiness } from "./given-test-clock.ts";

const zones = ["Europe/London", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "Australia/Lord_Howe", "UTC"];
const zone = fc.constantFrom(...zones);
const maybe = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: null, freq: 2 });
const seldom = <Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });
const time = fc.constantFrom("00:30", "01:30", "02:15", "08:00", "09:00", "12:45", "18:00", "22:30", "23:59");
const channels = fc.constantFrom(["email"], ["sms"], ["email", "sms"], ["sms", "email"]);
/** Days until a pause or hold ends; 0 for never. */
const pauseDays = seldom(fc.integer({ min: 0, max: 12 }));

const contact = fc.record({
  zone: maybe(zone),
  roles: fc.subarray(["primary", "billing", "documents", "cc"]),
  email: fc.boolean(),
  sms: fc.boolean(),
  /** It has the address of the client's first contact. */
  shares: fc.boolean(),
  suppressed: fc.constantFrom<"email" | "sms" | null>(null, null, null, null, null, null, null, null, "email", "sms"),
});

const client = fc.record({
  zone: maybe(zone),
  contacts: fc.array(contact, { minLength: 1, maxLength: 3 }),
  pauseDays,
  neverChase: fc.constantFrom(null, null, null, null, null, null, null, null, null, "auto_billed"),
});

const step = fc.record({
  days: fc.integer({ min: -14, max: 14 }),
  count: fc.constantFrom("days", "working_days"),
  time,
  ifClosed: fc.constantFrom("send", "earlier", "later"),
});
const sequence = fc.record({
  kind: fc.constant("sequence" as const),
  steps: fc.uniqueArray(step, {
    minLength: 1,
    maxLength: 6,
    selector: ({ days, count, time: at }) => `${days} ${count} ${at}`,
  }),
  repeat: maybe(fc.record({ everyDays: fc.integer({ min: 1, max: 6 }), atMost: fc.integer({ min: 1, max: 5 }) })),
  late: fc.constantFrom("skip", "collapse"),
  due: maybe(fc.constantFrom("FREQ=WEEKLY", "FREQ=DAILY;INTERVAL=5", "FREQ=MONTHLY")),
});
const once = fc.record({ kind: fc.constant("once" as const), inDays: fc.integer({ min: 1, max: 12 }), time });
const recurring = fc.record({
  kind: fc.constant("recurring" as const),
  rule: fc.constantFrom("FREQ=DAILY", "FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY;BYDAY=MO,TH", "FREQ=DAILY;COUNT=7"),
  time,
});

const reminder = fc.record({
  schedule: fc.oneof(sequence, sequence, once, recurring),
  zone: fc.oneof(zone, fc.constant("recipient")),
  type: fc.constantFrom("deadline", "payment", "document"),
  channels,
  channelMode: fc.constantFrom("first_success", "all"),
  graceMinutes: fc.constantFrom(30, 240, 720, 2_880),
  needsApproval: fc.constantFrom(false, false, false, false, true),
  priority: fc.constantFrom("low", "normal", "high"),
  pauseDays,
  /** For each client: whether it is on the reminder, when it is due, and how long it is held. */
  assigned: fc.array(
    fc.record({
      isOn: fc.boolean(),
      dueInDays: fc.integer({ min: -3, max: 20 }),
      holdDays: pauseDays,
      amount: fc.constantFrom(0, 1_250),
    }),
    { minLength: 4, maxLength: 4 },
  ),
});

const morning = [{ from: "08:00", to: "12:00" }];
const weekdayMornings = { mon: morning, tue: morning, wed: morning, thu: morning, fri: morning };

/** What a firm of a test is like: its clients, reminders, pauses and holds, and what staff decide about its sends. */
export const firmArbitrary = fc.record({
  start: fc.constantFrom(
    "2027-03-20T12:00:00Z",
    "2027-10-25T07:41:00Z",
    "2027-12-18T23:10:00Z",
    "2027-06-02T00:00:00Z",
  ),
  zone,
  quietHours: maybe(fc.constantFrom({ start: "20:00", end: "08:00" }, { start: "01:00", end: "09:30" })),
  sendWindows: fc.constantFrom(null, null, { sms: weekdayMornings }, { sms: weekdayMornings, email: weekdayMornings }),
  contactCap: fc.constantFrom(null, null, { perDay: 1 }, { perDay: 2, perWeek: 3 }),
  dailyMessageAt: fc.constantFrom(null, null, "08:30"),
  holidayCalendar: maybe(fc.constant("GB-ENG")),
  smsCountries: fc.constantFrom<string[] | null>(null, null, ["GB"]),
  pauseDays: fc.constantFrom(null, null, null, null, null, null, 2, 9),
  clients: fc.array(client, { minLength: 1, maxLength: 4 }),
  reminders: fc.array(reminder, { minLength: 1, maxLength: 4 }),
  /** How long it is in business before staff decide about its sends. */
  hoursAhead: fc.constantFrom(0, 0, 7, 30),
  decisions: fc.array(
    fc.record({ nth: fc.nat({ max: 60 }), decision: fc.constantFrom("hold", "skip", "approve", "approve") }),
    { maxLength: 12 },
  ),
});
type ValueOf<Arbitrary> = Arbitrary extends fc.Arbitrary<infer Value> ? Value : never;
export type RandomFirm = ValueOf<typeof firmArbitrary>;

/** Make the firm through the verbs, on a test clock. */
export async function makeFirm(firm: RandomFirm): Promise<GivenTestBusiness> {
  const { start, zone: timeZone, quietHours, sendWindows, contactCap, dailyMessageAt } = firm;
  const { holidayCalendar, smsCountries } = firm;
  const profile = { timeZone, quietHours, sendWindows, contactCap, dailyMessageAt, holidayCalendar, smsCountries };
  const shop = await givenTestBusiness({ now: start, ...profile });
  const clients: ClientWithContacts[] = [];
  for (const one of firm.clients) {
    const client = await makeClient(shop, one);
    await suppressSome(shop, one, client);
    clients.push(client);
  }
  for (const one of firm.reminders) await makeReminder(shop, one, clients);
  for (const [index, { id }] of clients.entries()) {
    const days = firm.clients[index]?.pauseDays ?? null;
    if (days !== null) await pauseClient(await shop.onClock(), id, untilIn(shop, days));
  }
  if (firm.pauseDays !== null) await pauseBusiness(await shop.onClock(), untilIn(shop, firm.pauseDays));
  return shop;
}

function untilIn({ clock }: GivenTestBusiness, days: number): { until?: string } {
  return days === 0 ? {} : { until: after(clock.now(), days * DAY_MS).toISOString() };
}

const dayIn = ({ clock }: GivenTestBusiness, days: number) =>
  after(clock.now(), days * DAY_MS)
    .toISOString()
    .slice(0, 10);

let numbers = 0;

function makeClient(shop: GivenTestBusiness, { zone: timeZone, contacts, neverChase }: RandomFirm["clients"][number]) {
  const address = () => {
    numbers += 1;
    // Every second number is American.
    const last = numbers % 9_000;
    const sms = numbers % 2 === 0 ? `+1415200${1_000 + last}` : `+447911${120_000 + last}`;
    return { email: `c${numbers}.${newId().slice(-6)}@clients.example`, sms };
  };
  const first = address();
  return shop.client({
    timeZone,
    neverChase,
    contacts: contacts.map((one, index) => {
      const own = index === 0 || one.shares ? first : address();
      const has = (kind: "email" | "sms") => index === 0 || one[kind];
      return {
        name: `Contact ${index}`,
        roles: one.roles as ("primary" | "billing")[],
        timeZone: one.zone,
        addresses: { ...(has("email") && { email: own.email }), ...(has("sms") && { sms: own.sms }) },
      };
    }),
  });
}

async function makeReminder(
  shop: GivenTestBusiness,
  one: RandomFirm["reminders"][number],
  clients: readonly ClientWithContacts[],
): Promise<void> {
  const { zone: inZone, assigned, pauseDays: paused, schedule: _, ...fields } = one;
  const reminder = await shop.reminder({ ...fields, schedule: scheduleOf(shop, one) as never } as never);
  const on = clients.flatMap(({ id }, index) => (assigned[index]?.isOn ? [{ id, ...assigned[index] }] : []));
  if (on.length > 0) {
    const assignments = on.map(({ id, dueInDays, amount }) => ({
      clientId: id,
      dueOn: dayIn(shop, dueInDays),
      ...(amount > 0 && { amount, currency: "GBP" }),
    }));
    const made = await assignClients(await shop.onClock(), reminder.id, AssignClientsInput.parse({ assignments }));
    for (const [index, one] of made.entries()) await holdOne(shop, one, on[index]?.holdDays ?? null);
  }
  if (paused !== null) await pauseReminder(await shop.onClock(), reminder.id, untilIn(shop, paused));
}

async function holdOne(shop: GivenTestBusiness, { id, reminderId }: Assignment, days: number | null): Promise<void> {
  if (days === null) return;
  const input = days === 0 ? { reason: "dispute" } : { reason: "promise", until: dayIn(shop, days + 1) };
  await holdAssignment(await shop.onClock(), { reminderId, assignmentId: id }, HoldInput.parse(input));
}

function scheduleOf(shop: GivenTestBusiness, { schedule, zone: inZone }: RandomFirm["reminders"][number]): object {
  switch (schedule.kind) {
    case "once":
      return { kind: "once", at: `${dayIn(shop, schedule.inDays + 1)}T${schedule.time}`, zone: inZone };
    case "recurring":
      return { kind: "recurring", start: `${dayIn(shop, -2)}T${schedule.time}`, zone: inZone, rule: schedule.rule };
    case "sequence":
      return {
        ...schedule,
        zone: inZone,
        steps: schedule.steps.map((one, index) => ({ ...one, id: `s${index}` })),
        repeat: schedule.repeat ?? undefined,
        due: schedule.due ? { kind: "recurring", start: dayIn(shop, -9), rule: schedule.due } : undefined,
      };
  }
}

async function suppressSome(
  shop: GivenTestBusiness,
  { contacts }: RandomFirm["clients"][number],
  made: ClientWithContacts,
): Promise<void> {
  for (const [index, { suppressed }] of contacts.entries()) {
    const address = suppressed && made.contacts[index]?.addresses[suppressed];
    if (address) await suppressByHand(await shop.onClock(), { channel: suppressed, address });
  }
}
