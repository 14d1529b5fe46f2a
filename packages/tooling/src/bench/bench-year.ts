import { type ApiClient, apiClient, registerBusiness } from "../stack/api-client.ts";
import { freePort } from "../services/free-port.ts";
import type { BenchSetting } from "./bench-setting.ts";
import { median, round } from "./pairs.ts";
import { paragraph, subject } from "./texts.ts";

const CLIENTS = 200;
const AT_ONCE = 10;
const GOAL_SECONDS = 5;
const zones = ["Europe/London", "Europe/Lisbon", "America/New_York", "Asia/Singapore"];
const dueDates = ["2027-05-07", "2027-08-07", "2027-11-07", "2028-02-07"];
const steps = [-14, -7, -3, 0, 3].map((days) => ({ id: `t${days < 0 ? "" : "+"}${days}`, days, time: "09:00" }));

/** How long twelve months of a firm take by its test clock. */
export interface YearResult {
  readonly id: string;
  readonly runs: number;
  readonly clients: number;
  readonly messages: number;
  /** Wall time from the request to the answer of the last one, of the median run. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly goalSeconds: number;
}

/** J12: a firm with 200 clients, four VAT quarters of five steps each and a message a month, in twelve months. */
export async function benchYear(
  setting: BenchSetting,
  { id, runs }: { id: string; runs: number },
): Promise<YearResult> {
  const port = `${await freePort()}`;
  const url = `http://127.0.0.1:${port}`;
  const process = await setting.start<unknown>("apps/api/src/main.ts", { PORT: port, PUBLIC_URL: url });
  const owner = { email: `owner-${port}@bench.example`, password: "oak seats by the lake" };
  await registerBusiness(url, { businessName: "Ledger & Sons", name: "Owner", ...owner });
  const samples: { seconds: number; cpuSeconds: number; messages: number }[] = [];
  for (let run = 0; run < runs; run += 1) {
    const api = await makeFirm(url, owner);
    const before = await process.cpuUs();
    const startedAt = performance.now();
    const messages = await liveThroughYear(api);
    const seconds = (performance.now() - startedAt) / 1_000;
    samples.push({ seconds, messages, cpuSeconds: ((await process.cpuUs()) - before) / 1e6 });
  }
  await process.stop();
  return {
    id,
    runs,
    clients: CLIENTS,
    messages: samples[0]?.messages ?? 0,
    seconds: round(median(samples.map(({ seconds }) => seconds)), 2),
    cpuSeconds: round(median(samples.map(({ cpuSeconds }) => cpuSeconds)), 2),
    goalSeconds: GOAL_SECONDS,
  };
}

async function makeFirm(url: string, owner: { email: string; password: string }): Promise<ApiClient> {
  const firm = { name: "Ledger & Sons, next year", timeZone: "Europe/London", mode: "test" };
  const { id: businessId } = await apiClient(url, owner).post<{ id: string }>("/v1/businesses", firm);
  const api = apiClient(url, { ...owner, businessId });
  await api.post("/v1/test-clock/freeze", { at: "2027-03-01T00:00:00Z" });
  const clients: string[] = [];
  for (let start = 0; start < CLIENTS; start += AT_ONCE) {
    const made = Array.from({ length: AT_ONCE }, (_, index) => makeClient(api, start + index));
    clients.push(...(await Promise.all(made)));
  }
  await makeReminders(api, clients);
  return api;
}

async function makeClient(api: ApiClient, index: number): Promise<string> {
  const contacts = [{ name: `Ada Number${index}`, addresses: { email: `client${index}@bench.example` } }];
  const client = { name: `Client ${index} Ltd`, timeZone: zones[index % zones.length], contacts };
  return (await api.post<{ id: string }>("/v1/clients", client)).id;
}

async function makeReminders(api: ApiClient, clients: readonly string[]): Promise<void> {
  const common = { type: "deadline", channels: ["email"], subject, body: paragraph, activate: true };
  await api.post("/v1/reminders", {
    ...common,
    name: "VAT return",
    schedule: { kind: "sequence", zone: "Europe/London", steps },
    assignments: dueDates.flatMap((dueOn) => clients.map((clientId) => ({ clientId, dueOn, period: dueOn }))),
  });
  await api.post("/v1/reminders", {
    ...common,
    name: "Bank statements",
    schedule: { kind: "recurring", start: "2027-03-02T10:00", zone: "recipient", rule: "FREQ=MONTHLY" },
    assignments: clients.map((clientId) => ({ clientId })),
  });
}

async function liveThroughYear(api: ApiClient): Promise<number> {
  let sent = 0;
  let step: { readonly reached: boolean; readonly sent: number; readonly to: string };
  let body: object = { by: { months: 12 } };
  do {
    step = await api.post("/v1/test-clock/advance", body);
    sent += step.sent;
    body = { to: step.to };
  } while (!step.reached);
  return sent;
}
