import { defineConfig } from "drizzle-kit";

export { config as default };

const config = defineConfig({
  dialect: "mysql",
  schema: "./packages/db/src/schema/*.ts",
  out: "./drizzle",
});
