import { parseArgs } from "node:util";
import { type ChainReport, verifyAudit } from "@reminder-app/core/system/verify-audit";
import { openDatabase } from "@reminder-app/db/database";
import { loadConfig } from "@reminder-app/platform/config";
import type { Id } from "@reminder-app/platform/ids";

const { values } = parseArgs({ options: { business: { type: "string" }, json: { type: "boolean", default: false } } });

const database = openDatabase({ url: loadConfig().DATABASE_URL, connections: 1 });
try {
  for await (const report of verifyAudit({ db: database.db }, values.business as Id<"Business"> | undefined)) {
    if (report.broken) process.exitCode = 1;
    console.log(values.json ? JSON.stringify(report) : sentence(report));
  }
} finally {
  await database.close();
}

function sentence({ businessId, events, unchained, head, broken }: ChainReport): string {
  const before = unchained > 0 ? `, ${unchained} from before the chain` : "";
  if (!broken) return `ok   ${businessId}  ${events} events${before}, head ${head}`;
  return `FAIL ${businessId}  ${events} events hold${before}; link ${broken.seq}: ${broken.reason}`;
}
