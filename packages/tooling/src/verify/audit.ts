import { z } from "zod";
import { runNpm } from "../services/run-npm.ts";
import { type Check, CouldNotAsk } from "./check.ts";

const PATIENCE_MS = 30_000;
const args = ["audit", "--omit=dev", "--audit-level=high", "--json", "--fetch-retries=0", "--fetch-timeout=10000"];

const answerSchema = z.object({
  vulnerabilities: z.record(
    z.string(),
    z.object({
      severity: z.string(),
      range: z.string().optional(),
      via: z.array(z.union([z.string(), z.object({ title: z.string(), url: z.string().optional() })])),
      fixAvailable: z.union([z.boolean(), z.object({ name: z.string(), version: z.string() })]).optional(),
    }),
  ),
});

/**
 * The high and critical advisories in what `npm audit --json` said, a line each. Throws {@link CouldNotAsk} when it holds
 * no answer of a registry: no network, or a registry that takes no such questions.
 */
export function auditFaults(said: string): readonly string[] {
  const answer = answerSchema.safeParse(parseJson(said));
  if (!answer.success) throw new CouldNotAsk(`the registry could not be asked for advisories${statusIn(said)}`);
  return Object.entries(answer.data.vulnerabilities)
    .filter(([, { severity }]) => severity === "high" || severity === "critical")
    .map(([name, { severity, range, via, fixAvailable }]) => {
      const titles = via.map((cause) => (typeof cause === "string" ? `by ${cause}` : cause.title)).join("; ");
      const fix = typeof fixAvailable === "object" ? `${fixAvailable.name}@${fixAvailable.version}` : undefined;
      return `${name} ${range ?? ""} has a ${severity} advisory: ${titles}${fix ? `; fixed by ${fix}` : ""}`;
    });
}

function statusIn(said: string): string {
  const { statusCode, error } = (parseJson(said) ?? {}) as { statusCode?: unknown; error?: { code?: unknown } };
  const status = statusCode ?? error?.code;
  return typeof status === "number" || typeof status === "string" ? ` (it answered ${status})` : "";
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.slice(text.indexOf("{")));
  } catch {
    return undefined;
  }
}

/** What the product runs on has no high or critical advisory, as far as the registry knows at this moment. */
export const auditCheck: Check = {
  name: "audit",
  run: async () => auditFaults((await runNpm(args, PATIENCE_MS)).stdout),
};
