import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "@reminder-app/db/database";
import { floorFault } from "@reminder-app/schedule/tz-floor";
import { tzdataVersion } from "@reminder-app/schedule/zones";
import { type RequestHandler, Router } from "express";
import type { Redis } from "ioredis";

/** A database that is there but silent is as good as away; whoever asks for health does not wait for long either. */
const PATIENCE_MS = 2_000;

const live: RequestHandler = (_req, res) => void res.json({ status: "live" });

interface HealthParts {
  readonly database: Database;
  readonly redis: Redis;
  /** Whether somebody looks for viruses in uploads. */
  readonly scans: boolean;
}

/** `/health/live`: the process answers. `/health/ready`: it can store what it is given; without Redis it still can. */
export function healthRouter({ database, redis, scans }: HealthParts): Router {
  const router = Router();
  router.get("/health/live", live);
  router.get("/health/ready", async (_req, res) => {
    const databaseUp = await Promise.race([answers(database), sleep(PATIENCE_MS, false, { ref: false })]);
    const redisUp = redis.status === "ready";
    res.status(databaseUp ? 200 : 503).json({
      status: databaseUp ? (redisUp ? "ready" : "degraded") : "not ready",
      database: databaseUp ? "up" : "away",
      redis: redisUp ? "up" : "away",
      virusScan: scans ? "on" : "off",
      ...timeZoneData(),
    });
  });
  return router;
}

function answers({ pool }: Database): Promise<boolean> {
  return pool.query("select 1").then(
    () => true,
    () => false,
  );
}

function timeZoneData() {
  return { timeZoneData: tzdataVersion(), timeZoneDataTooOld: floorFault() !== undefined };
}

/** The same while the process still waits for its database. */
export function waitingHealthRouter(): Router {
  const router = Router();
  router.get("/health/live", live);
  router.get("/health/ready", (_req, res) => {
    res.status(503).json({ status: "not ready", database: "away", ...timeZoneData() });
  });
  return router;
}
