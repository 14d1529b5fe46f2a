import { parseArgs } from "node:util";
import { benchIds, runBench } from "../bench/run-bench.ts";

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    only: { type: "string" },
    pairs: { type: "string", default: "5" },
  },
});
const pairs = Number(values.pairs);
const only = benchIds.find((id) => id === values.only);

if (!Number.isInteger(pairs) || pairs < 1 || pairs > 50 || (values.only !== undefined && !only)) {
  console.error(`Use --pairs 1 to 50 and --only ${benchIds.join("|")}`);
  process.exitCode = 1;
} else {
  const results = await runBench({ only, pairs, log: (line) => process.stderr.write(`· ${line}\n`) });
  if (values.json) console.log(JSON.stringify(results));
  else console.table(results);
}
