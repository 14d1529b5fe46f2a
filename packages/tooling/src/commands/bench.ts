import { parseArgs } from "node:util";
import { benchIds, runBench } from "../bench/run-bench.ts";

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    only: { type: "string" },
    pairs: { type: "string", default: "5" },
    active: { type: "string", default: "100000" },
    deliveries: { type: "string", default: "1000000" },
  },
});
const [pairs, active, deliveries] = [values.pairs, values.active, values.deliveries].map(Number) as [
  number,
  number,
  number,
];
const names = values.only?.split(",");
const only = names && benchIds.filter((id) => names.includes(id));

const areAmounts =
  isWithin(pairs, 1, 50) && isWithin(active, 20_000, 2_000_000) && isWithin(deliveries, 4_000, 5_000_000);
if (!areAmounts || only?.length !== names?.length) {
  const amounts = "--pairs 1 to 50, --active 20000 to 2000000, --deliveries 4000 to 5000000";
  console.error(`Use ${amounts}, and --only with some of ${benchIds.join(",")}`);
  process.exitCode = 1;
} else {
  const results = await runBench({
    only,
    pairs,
    active,
    deliveries,
    log: (line) => process.stderr.write(`· ${line}\n`),
  });
  if (values.json) console.log(JSON.stringify(results));
  else for (const result of results) console.table([result]);
}

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
