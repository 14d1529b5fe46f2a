import { createLogger } from "@reminder-app/platform/log";
import { loadSandboxSettings } from "@reminder-app/platform/sandbox-settings";
import { startSandbox } from "./sandbox.ts";

const settings = loadSandboxSettings();
const log = createLogger({ app: "sandbox", level: settings.LOG_LEVEL });

const sandbox = await startSandbox({
  host: settings.SANDBOX_HOST,
  port: settings.SANDBOX_PORT,
  smtpPort: settings.SANDBOX_SMTP_PORT,
  clamdPort: settings.SANDBOX_CLAMD_PORT,
  ledgerFile: settings.SANDBOX_LEDGER,
  twilio: {
    accountSid: settings.TWILIO_ACCOUNT_SID,
    authToken: settings.TWILIO_AUTH_TOKEN,
    inboundUrl: settings.SANDBOX_TWILIO_INBOUND_URL,
  },
  whatsapp: {
    phoneNumberId: settings.WHATSAPP_PHONE_NUMBER_ID,
    appSecret: settings.WHATSAPP_APP_SECRET,
    callbackUrl: settings.SANDBOX_WHATSAPP_CALLBACK_URL,
  },
  stripe: {
    secretKey: settings.STRIPE_SECRET_KEY,
    webhookSecret: settings.STRIPE_WEBHOOK_SECRET,
    webhookUrl: settings.SANDBOX_STRIPE_WEBHOOK_URL,
    file: settings.SANDBOX_STRIPE_FILE,
  },
  publicUrl: settings.SANDBOX_PUBLIC_URL,
  log,
});
log.info({ url: sandbox.url }, "inbox and providers ready");
log.info({ url: sandbox.smtpUrl }, "mail ready");
process.send?.({ url: sandbox.url, smtpUrl: sandbox.smtpUrl, clamdUrl: sandbox.clamdUrl });

let closing = false;
async function stop(reason: string): Promise<void> {
  if (closing) return;
  closing = true;
  log.info({ reason }, "closing");
  await sandbox.close();
  if (process.connected) process.disconnect();
}
process.once("SIGTERM", () => void stop("SIGTERM"));
process.once("SIGINT", () => void stop("SIGINT"));
process.once("disconnect", () => void stop("its starter is gone"));
