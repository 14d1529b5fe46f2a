import { runLocal } from "../stack/run-local.ts";

await runLocal({ workers: 1, fresh: false, watch: true }).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
