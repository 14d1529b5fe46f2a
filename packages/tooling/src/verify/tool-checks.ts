import { type Check, toolCheck } from "./check.ts";

const settings = "packages/tooling";
const code = ["apps", "packages"];

export const formatCheck = toolCheck("format", {
  package: "oxfmt",
  bin: "oxfmt",
  args: ["-c", `${settings}/oxfmt.json`, "--check", ...code],
});

export const typesCheck = toolCheck("types", { package: "typescript", bin: "tsc", args: ["-b", "--pretty", "false"] });

const strictly = ["--type-aware", "--deny-warnings", "--report-unused-disable-directives"];

export const lintCheck = toolCheck("lint", {
  package: "oxlint",
  bin: "oxlint",
  args: ["-c", `${settings}/oxlint.json`, ...strictly, "--format", "unix", ...code],
});

const importDirections = toolCheck("imports", {
  package: "dependency-cruiser",
  bin: "depcruise",
  args: ["-c", `${settings}/dependency-cruiser.json`, ...code],
});

/** Which file may import which. The tool's advice to install an older TypeScript is left out: swc parses for it. */
export const importsCheck: Check = {
  name: importDirections.name,
  async run(root) {
    const lines = await importDirections.run(root);
    const advice = lines.findIndex((line) => line.includes("missing-tsc-transpiler"));
    return advice === -1 ? lines : lines.slice(0, advice);
  },
};

export const deadCodeCheck = toolCheck("dead-code", {
  package: "knip",
  bin: "knip",
  args: ["-c", `${settings}/knip.json`, "--no-progress", "--no-config-hints"],
});
