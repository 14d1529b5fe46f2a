import { defineConfig } from "vitest/config";

const workers = "apps/worker/src/**/*.test.ts";

export default defineConfig({
  root: new URL("../..", import.meta.url).pathname,
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"] } },
  test: {
    testTimeout: 30_000,
    hookTimeout: 120_000,
    // Most of them wait for servers, so more run at once than there are cores.
    maxWorkers: 3,
    projects: [
      {
        extends: true,
        test: {
          name: "rules",
          include: ["packages/*/src/**/*.test.ts", "apps/*/src/**/*.test.ts"],
          exclude: [workers],
          sequence: { groupOrder: 1 },
        },
      },
      {
        // A worker sweeps up whatever is overdue in its database, another test's deliveries too: these go one by one.
        extends: true,
        test: { name: "workers", include: [workers], maxWorkers: 1, sequence: { groupOrder: 2 } },
      },
    ],
  },
});
