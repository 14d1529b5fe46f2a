import { registerBusiness } from "../stack/api-client.ts";
import { freePort } from "../services/free-port.ts";
import { type BenchSetting, floorScript } from "./bench-setting.ts";
import { runLoad } from "./http-load.ts";
import type { MeasuredProcess } from "./measured-process.ts";
import { type BenchResult, type Sample, measurePairs, summarise } from "./pairs.ts";

const REQUESTS = 2_000;
const WARM_UP = 200;
const FIRST_WARM_UP = 1_000;

const HOURS = 12;
const MINUTES = 60;

/** Weekly reminders whose times of day differ, as those of different firms do. */
function reminder(index: number): string {
  const hour = String(8 + (Math.floor(index / MINUTES) % HOURS)).padStart(2, "0");
  const start = `2027-01-05T${hour}:${String(index % MINUTES).padStart(2, "0")}`;
  return JSON.stringify({
    name: `VAT return ${index}`,
    type: "deadline",
    schedule: { kind: "recurring", start, zone: "Europe/London", rule: "FREQ=WEEKLY;BYDAY=TU" },
    channels: ["email", "sms"],
    subject: "VAT return of {{ client.name }}",
    body: "Dear {{ contact.first_name }}, please send us your VAT figures.",
    activate: true,
  });
}

/** T3: what a reminder costs the API, from the request to its 201. */
export async function benchApi(
  setting: BenchSetting,
  { id, pairs }: { id: string; pairs: number },
): Promise<BenchResult> {
  const floor = await startFloor(setting);
  const product = await startProduct(setting);
  for (const side of [floor, product]) await post(side, FIRST_WARM_UP);
  const measured = await measurePairs({ floor: () => measure(floor), product: () => measure(product) }, pairs);
  await Promise.all([floor.process.stop(), product.process.stop()]);
  return summarise(id, measured);
}

interface Side {
  readonly process: MeasuredProcess<unknown>;
  readonly url: string;
  readonly token: string;
}

async function startFloor(setting: BenchSetting): Promise<Side> {
  const port = `${await freePort()}`;
  const extra = { PORT: port, BENCH_BUSINESS_ID: setting.business.id };
  const process = await setting.start<{ token: string }>(floorScript("api"), extra);
  return { process, url: `http://127.0.0.1:${port}`, token: process.ready.token };
}

async function startProduct(setting: BenchSetting): Promise<Side> {
  const port = `${await freePort()}`;
  const url = `http://127.0.0.1:${port}`;
  const process = await setting.start<unknown>("apps/api/src/main.ts", { PORT: port, PUBLIC_URL: url });
  const owner = { email: "owner@bench.example", password: "oak seats by the lake" };
  await registerBusiness(url, { businessName: "Ledger & Sons", name: "Owner", ...owner });
  const answer = await fetch(`${url}/v1/auth/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(owner),
  });
  const { accessToken } = (await answer.json()) as { accessToken: string };
  return { process, url, token: accessToken };
}

async function measure(side: Side): Promise<Sample> {
  await post(side, WARM_UP);
  return post(side, REQUESTS);
}

async function post({ process, url, token }: Side, requests: number): Promise<Sample> {
  const before = await process.cpuUs();
  const load = await runLoad({ origin: url, path: "/v1/reminders", token, body: reminder, requests });
  return { cpuUs: ((await process.cpuUs()) - before) / requests, ...load };
}
