import { type ApiClient, ApiProblem, apiClient, registerBusiness } from "./api-client.ts";

/** The firm that a newcomer finds. */
export const demoLogin = { email: "demo@harbour-lane.example", password: "three quiet lanterns" } as const;

interface Created {
  readonly id: string;
}

const people = [
  {
    name: "Rosewood Bakery Ltd",
    contact: "Ada Rosewood",
    email: "ada@rosewood.example",
    phone: "+442079460101",
    prefers: "email",
    vatStagger: "1",
  },
  {
    name: "Fenwick & Daughters",
    contact: "Tom Fenwick",
    email: "tom@fenwick.example",
    phone: "+442079460102",
    prefers: "sms",
    vatStagger: "2",
  },
  {
    name: "Studio Okafor",
    contact: "Chidi Okafor",
    email: "chidi@okafor.example",
    phone: "+442079460103",
    prefers: "whatsapp",
    vatStagger: "3",
  },
] as const;

const DUE_IN_MS = 14 * 24 * 3_600_000;
const greeting = "Dear {{ contact.first_name }},\n\n";
const closing = "\n\nAll that is open, with what you can do about it: {{ link }}\n\nKind regards,\n{{ business.name }}";

/** Make the demo firm with its clients and its first reminders, once. Answers a client of it to write to. */
export async function seedDemo(apiUrl: string): Promise<{ clientId: string; fresh: boolean }> {
  const api = apiClient(apiUrl, demoLogin);
  const firstClients = () => api.get<{ items: Created[] }>("/v1/clients?limit=1");
  const { items } = await firstClients().catch(async (thrown: unknown) => {
    if (!(thrown instanceof ApiProblem) || thrown.status !== 401) throw thrown;
    // Only now: a network may register but a few times an hour, and starts are more.
    await registerBusiness(apiUrl, { businessName: "Harbour & Lane Accountants", name: "Dana Lane", ...demoLogin });
    return firstClients().catch(() => {
      throw new Error("The demo firm of this folder's data has another password; npm start -- --fresh begins anew");
    });
  });
  const [known] = items;
  if (known) return { clientId: known.id, fresh: false };

  const clients: Created[] = [];
  for (const person of people) clients.push(await createClient(api, person));
  await openPaymentAccount(api);
  await createReminders(api, clients);
  await createInvoice(api, clients);
  return { clientId: clients[0]?.id ?? "", fresh: true };
}

function createClient(
  api: ApiClient,
  { name, contact, email, phone, prefers, vatStagger }: (typeof people)[number],
): Promise<Created> {
  const addresses = { email, sms: phone, whatsapp: phone };
  const contacts = [{ name: contact, addresses, preferences: { any: [prefers] } }];
  return api.post<Created>("/v1/clients", { name, contacts, facts: { vatStagger } });
}

async function createReminders(api: ApiClient, clients: readonly Created[]): Promise<void> {
  const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000).toISOString().slice(0, 19);
  const on = (extra: object = {}) => clients.map(({ id }) => ({ clientId: id, ...extra }));
  await api.post("/v1/reminders", {
    name: "VAT return",
    type: "deadline",
    schedule: { kind: "once", at: inSeconds(4), zone: "UTC" },
    channels: ["email", "sms", "whatsapp"],
    subject: "Your VAT return for {{ period }} is due on {{ due_date }}",
    body: `${greeting}the VAT return of {{ client.name }} for {{ period }} is due on {{ due_date }}. Please send us your sales and purchase figures this week.${closing}`,
    activate: true,
    assignments: on({ period: "2027-Q1", dueOn: "2027-05-07" }),
  });
  await api.post("/v1/reminders", {
    name: "Monthly bank statements",
    type: "document",
    schedule: {
      kind: "recurring",
      start: inSeconds(0).slice(0, 11) + "09:00",
      zone: "Europe/London",
      rule: "FREQ=MONTHLY;BYDAY=1MO",
    },
    channels: ["email", "whatsapp", "sms"],
    subject: "Bank statements, please",
    body: `${greeting}for last month of {{ client.name }} we still need:\n\n{{ missing }}${closing}`,
    checklist: ["Bank statements", "Payroll summary"],
    activate: true,
    assignments: on(),
  });
  await api.post("/v1/reminders", {
    name: "VAT, every quarter",
    type: "deadline",
    schedule: {
      kind: "sequence",
      zone: "Europe/London",
      steps: [-14, -7, -1].map((days) => ({ id: `t${days}`, days, time: "09:00", ifClosed: "earlier" })),
      due: { kind: "statutory", rule: "uk_vat_return" },
    },
    channels: ["email", "whatsapp", "sms"],
    subject: "Your VAT return for {{ period }} is due on {{ due_date }}",
    body: `${greeting}the VAT return of {{ client.name }} for {{ period }} is due on {{ due_date }}, and your figures are still missing.${closing}`,
    activate: true,
    assignments: on(),
  });
}

/** Let the demo firm's money arrive in an account at the sandbox's Stripe, completed as its owner would at Stripe's page. */
async function openPaymentAccount(api: ApiClient): Promise<void> {
  const { url } = await api.post<{ url: string }>("/v1/payment-account/onboarding");
  const answer = await fetch(url, { method: "POST", redirect: "manual" });
  if (answer.status !== 303) throw new Error(`The sandbox answered the onboarding with ${answer.status}`);
}

/** What every client owes, with the page where it can be paid. */
async function createInvoice(api: ApiClient, clients: readonly Created[]): Promise<void> {
  const dueOn = new Date(Date.now() + DUE_IN_MS).toISOString().slice(0, 10);
  const owed = { period: "Invoice 1042", dueOn, amount: 18_000, currency: "GBP" };
  await api.post("/v1/reminders", {
    name: "Bookkeeping, last quarter",
    type: "payment",
    schedule: { kind: "once", at: new Date(Date.now() + 6_000).toISOString().slice(0, 19), zone: "UTC" },
    channels: ["email"],
    subject: "{{ amount }} for {{ period }} is due on {{ due_date }}",
    body: `${greeting}{{ amount }} for {{ period }} is due on {{ due_date }}. You can pay it here: {{ link }}${closing}`,
    activate: true,
    assignments: clients.map(({ id }) => ({ clientId: id, ...owed })),
  });
}
