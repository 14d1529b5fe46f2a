// The smallest program that sends the messages of T2.
import { environment } from "../../../bootstrap/environment.mjs";
import { Liquid } from "liquidjs";
import { Pool } from "undici";
import { smsBody } from "../texts.ts";
import { runFloorDeliverer } from "./floor-deliverer.ts";

const liquid = new Liquid();
const template = liquid.parse(smsBody);
const pool = new Pool(environment["TWILIO_BASE_URL"] ?? "", { connections: 64 });
const account = environment["TWILIO_ACCOUNT_SID"] ?? "";
const headers = {
  authorization: `Basic ${Buffer.from(`${account}:${environment["TWILIO_AUTH_TOKEN"]}`).toString("base64")}`,
  "content-type": "application/x-www-form-urlencoded",
};

runFloorDeliverer("floor-sms", async (job) => {
  const form = new URLSearchParams({
    To: job.to,
    From: environment["TWILIO_FROM"] ?? "",
    Body: String(liquid.renderSync(template, job)),
  });
  const path = `/2010-04-01/Accounts/${account}/Messages.json`;
  const { body } = await pool.request({ method: "POST", path, headers, body: form.toString() });
  const { sid } = (await body.json()) as { sid: string };
  return sid;
});
