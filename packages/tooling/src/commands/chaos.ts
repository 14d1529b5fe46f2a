import { parseArgs } from "node:util";
import { runChaos } from "../chaos/run-chaos.ts";

const { values } = parseArgs({
  options: {
    deliveries: { type: "string", default: "600" },
    seconds: { type: "string", default: "60" },
    workers: { type: "string", default: "3" },
    json: { type: "boolean", default: false },
  },
});

const report = await runChaos({
  deliveries: Number(values.deliveries),
  seconds: Number(values.seconds),
  workers: Number(values.workers),
  log: (line) => process.stderr.write(`· ${line}\n`),
});
if (values.json) console.log(JSON.stringify(report));
else console.table(report);
if (report.lost !== 0 || report.doubledUnexplained !== 0) process.exitCode = 1;
