import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrateDatabase } from "@reminder-app/db/migrate";
import { environment } from "../../bootstrap/environment.mjs";
import { freePort } from "../services/free-port.ts";
import { startServices } from "../services/services.ts";
import { startApp } from "../stack/child.ts";
import { keptSecrets } from "../stack/secrets.ts";
import { type BackDoor, openBackDoor } from "./back-door.ts";

export interface ApiUnderTest extends BackDoor {
  readonly url: string;
}

/** Providers are configured, so that everything can be asked for; none is called, for no worker runs. */
const fixedSettings = {
  APP_ENV: "testing",
  LOG_LEVEL: "error",
  ABUSE_LIMITS: "0",
  SMTP_URL: "smtp://127.0.0.1:1",
  MAIL_FROM: "reminders@sandbox.example",
  TWILIO_ACCOUNT_SID: `AC${"0".repeat(32)}`,
  TWILIO_FROM: "+15005550006",
  WHATSAPP_PHONE_NUMBER_ID: "100000000000001",
};

/** The API as a process of its own, on the servers of the environment or on private ones. */
export async function startApiUnderTest(log: (line: string) => void): Promise<ApiUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), "reminder-app-fuzz-"));
  const undo: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (const step of undo.splice(0).toReversed()) await step();
  };
  try {
    const services = await startServices({ directory: join(folder, "services"), keep: false, log });
    undo.push(services.stop);
    await migrateDatabase(services.databaseUrl);
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const env = {
      ...environment,
      ...fixedSettings,
      ...keptSecrets(join(folder, "secrets.json")),
      DATABASE_URL: services.databaseUrl,
      REDIS_URL: services.redisUrl,
      QUEUE_PREFIX: `fuzz-${randomBytes(4).toString("hex")}`,
      PORT: `${port}`,
      PUBLIC_URL: url,
      FILES_FOLDER: join(folder, "files"),
    };
    const api = await startApp({ script: "apps/api/src/main.ts", env, logFile: join(folder, "api.log") });
    undo.push(api.stop);
    const backDoor = openBackDoor(env, url);
    undo.push(backDoor.close);
    return { ...backDoor, url, close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}
