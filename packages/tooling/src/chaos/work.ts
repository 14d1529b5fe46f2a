import { type ApiClient, apiClient, registerBusiness } from "../stack/api-client.ts";

/** What the run expects: one message to each of these addresses. */
export interface ExpectedWork {
  readonly addresses: ReadonlySet<string>;
  readonly lastDueAt: Date;
}

export interface WorkOptions {
  readonly apiUrl: string;
  readonly deliveries: number;
  /** The due moments are spread over this long, in seconds. */
  readonly seconds: number;
}

const channels = ["email", "sms", "whatsapp"] as const;
type Channel = (typeof channels)[number];
const REMINDERS = 12;
const START_SECONDS = 4;
const AT_ONCE = 8;

/** A business with as many clients as deliveries are wanted, each with an address of its own, and reminders for them. */
export async function createWork({ apiUrl, deliveries, seconds }: WorkOptions): Promise<ExpectedWork> {
  const owner = { email: `owner-${Date.now()}@chaos.example`, password: "a storm over the pier" };
  await registerBusiness(apiUrl, { businessName: "Chaos & Sons", name: "Owner", ...owner });
  const api = apiClient(apiUrl, owner);
  await api.get("/v1/me");

  const wanted = Array.from({ length: deliveries }, (_, index) => addressOf(index));
  const clients = await inLanes(wanted, ({ channel, address }, index) =>
    createClient(api, { channel, address, index }),
  );
  const started = Date.now();
  let lastDueAt = new Date(started);
  for (let part = 0; part < REMINDERS; part += 1) {
    const mine = clients.filter((_, index) => index % REMINDERS === part);
    const dueAt = new Date(started + (START_SECONDS + (part * (seconds - START_SECONDS)) / REMINDERS) * 1_000);
    if (mine.length > 0) await createReminder(api, { part, dueAt, clientIds: mine });
    lastDueAt = dueAt;
  }
  return { addresses: new Set(wanted.map(({ address }) => address)), lastDueAt };
}

function addressOf(index: number): { channel: Channel; address: string } {
  const channel = channels[index % channels.length] ?? "email";
  return { channel, address: channel === "email" ? `client${index}@chaos.example` : `+1415${2_000_000 + index}` };
}

async function createClient(
  api: ApiClient,
  { channel, address, index }: { channel: Channel; address: string; index: number },
): Promise<string> {
  const contacts = [{ name: `Contact ${index}`, addresses: { [channel]: address } }];
  const { id } = await api.post<{ id: string }>("/v1/clients", { name: `Client ${index}`, contacts });
  return id;
}

async function createReminder(
  api: ApiClient,
  { part, dueAt, clientIds }: { part: number; dueAt: Date; clientIds: readonly string[] },
): Promise<void> {
  await api.post("/v1/reminders", {
    name: `Part ${part}`,
    type: "deadline",
    schedule: { kind: "once", at: dueAt.toISOString().slice(0, 19), zone: "UTC" },
    channels,
    subject: "Part of a run for {{ client.name }}",
    body: "Dear {{ contact.name }}, this is for {{ client.name }}.",
    activate: true,
    assignments: clientIds.map((clientId) => ({ clientId })),
  });
}

async function inLanes<Item, Result>(
  items: readonly Item[],
  work: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < items.length) {
      const index = next;
      next += 1;
      results[index] = await work(items[index] as Item, index);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return results;
}
