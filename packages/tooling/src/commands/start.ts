import { parseArgs } from "node:util";
import { runLocal } from "../stack/run-local.ts";

const { values } = parseArgs({
  options: { workers: { type: "string", default: "1" }, fresh: { type: "boolean", default: false } },
});
const workers = Number(values.workers);

if (!Number.isInteger(workers) || workers < 1 || workers > 16) {
  console.error("--workers must be a number from 1 to 16");
  process.exitCode = 1;
} else {
  await runLocal({ workers, fresh: values.fresh, watch: false }).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
