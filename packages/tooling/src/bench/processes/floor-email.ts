// The smallest program that sends the mails of T1.
import { environment } from "../../../bootstrap/environment.mjs";
import { Liquid } from "liquidjs";
import { createTransport } from "nodemailer";
import { mailBody, subject } from "../texts.ts";
import { runFloorDeliverer } from "./floor-deliverer.ts";

const liquid = new Liquid();
const subjectTemplate = liquid.parse(subject);
const bodyTemplate = liquid.parse(mailBody);
const transport = createTransport({
  url: environment["SMTP_URL"] ?? "",
  pool: true,
  maxConnections: 15,
  maxMessages: 1_000,
});
const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

runFloorDeliverer("floor-email", async (job) => {
  const text = String(liquid.renderSync(bodyTemplate, job));
  const escaped = text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? character);
  const { messageId } = await transport.sendMail({
    from: environment["MAIL_FROM"],
    to: job.to,
    subject: String(liquid.renderSync(subjectTemplate, job)),
    text,
    html: `<!doctype html><html><body><p>${escaped.replaceAll("\n", "<br>")}</p></body></html>`,
    textEncoding: "quoted-printable",
  });
  return messageId;
});
