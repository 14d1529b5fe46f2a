// The smallest program that takes the reminders of T3.
import { environment } from "../../../bootstrap/environment.mjs";
import { reminders } from "@reminder-app/db/schema/reminders";
import { type Id, newId } from "@reminder-app/platform/ids";
import { Queue } from "bullmq";
import { drizzle } from "drizzle-orm/mysql2";
import express from "express";
import { Redis } from "ioredis";
import { SignJWT, jwtVerify } from "jose";
import { createPool } from "mysql2/promise";
import { z } from "zod";

const GRACE_MS = 43_200_000;
const secret = new Uint8Array(32).fill(7);
const db = drizzle({
  client: createPool({ uri: environment["DATABASE_URL"] ?? "", connectionLimit: 10, timezone: "Z" }),
});
const queue = new Queue("floor-reminders", {
  connection: new Redis(environment["REDIS_URL"] ?? "", { maxRetriesPerRequest: null }),
  prefix: environment["QUEUE_PREFIX"] ?? "",
});
const input = z.strictObject({
  name: z.string().min(1).max(200),
  type: z.enum(["deadline", "payment", "document", "appointment", "custom"]),
  schedule: z.strictObject({ kind: z.literal("recurring"), start: z.string(), zone: z.string(), rule: z.string() }),
  channels: z.array(z.enum(["email", "sms", "whatsapp"])).min(1),
  subject: z.string().min(1).max(200),
  body: z.string().min(1).max(10_000),
  activate: z.boolean(),
});

const app = express();
app.use(express.json());
app.post("/v1/reminders", async (req, res) => {
  const { payload } = await jwtVerify((req.get("authorization") ?? "").slice("Bearer ".length), secret);
  const { activate, ...fields } = input.parse(req.body);
  const now = new Date();
  const reminder = {
    ...fields,
    id: newId<"Reminder">(),
    businessId: payload["bid"] as Id<"Business">,
    status: activate ? ("active" as const) : ("draft" as const),
    stopRule: "done" as const,
    channelMode: "first_success" as const,
    graceMs: GRACE_MS,
    revision: 1,
    round: 1,
    nextDueAt: null,
    createdAt: now,
    updatedAt: now,
  };
  await db.insert(reminders).values(reminder);
  const { start, zone } = fields.schedule;
  // The weekly schedule that is posted, as BullMQ itself would keep it.
  const every = { pattern: `${Number(start.slice(14, 16))} ${Number(start.slice(11, 13))} * * 2`, tz: zone };
  await queue.upsertJobScheduler(reminder.id, every, { name: "plan", data: { reminderId: reminder.id } });
  res.status(201).location(`/v1/reminders/${reminder.id}`).json(reminder);
});

const token = await new SignJWT({ bid: environment["BENCH_BUSINESS_ID"] })
  .setProtectedHeader({ alg: "HS256" })
  .setExpirationTime("1h")
  .sign(secret);
const port = Number(environment["PORT"]);
app.listen(port, "127.0.0.1", () => process.send?.({ token }));
process.once("SIGTERM", () => process.exit());
process.once("disconnect", () => process.exit());
