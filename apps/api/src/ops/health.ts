import type { Database } from "@reminder-app/db/database";
import { tzdataVersion } from "@reminder-app/schedule/zones";
import { Router } from "express";
import type { Redis } from "ioredis";

/** `/health/live`: the process answers. `/health/ready`: it can store what it is given; without Redis it still can. */
export function healthRouter({ database, redis }: { database: Database; redis: Redis }): Router {
  const router = Router();
  router.get("/health/live", (_req, res) => void res.json({ status: "live" }));
  router.get("/health/ready", async (_req, res) => {
    const databaseUp = await database.pool.query("select 1").then(
      () => true,
      () => false,
    );
    res.status(databaseUp ? 200 : 503).json({
      status: databaseUp ? "ready" : "not ready",
      database: databaseUp ? "up" : "away",
      redis: redis.status === "ready" ? "up" : "away",
      timeZoneData: tzdataVersion(),
    });
  });
  return router;
}
