import type { Id } from "@reminder-app/platform/ids";
import type { Ctx } from "../ctx.ts";
import type { CsvRow } from "./read-csv.ts";
import type { RowIssue } from "./row-issue.ts";

export type Outcome = "created" | "changed" | "unchanged" | "refused";

/** What became of a row, or what would. */
export interface Verdict {
  readonly row: number;
  readonly outcome: Outcome;
  readonly issues: readonly RowIssue[];
  readonly clientId?: Id<"Client">;
}

/** What the rows of one file are made into. It remembers rows that came before, so it lives as long as the file is read. */
export interface Importer<Read> {
  /** How many rows are written in one transaction. */
  readonly chunk: number;
  /** What rows say, by themselves and beside those before. Called once for each row, in their order. */
  read(rows: readonly CsvRow[]): readonly Read[];
  /** Decide about rows, and do it when `write`. May be called again when its transaction was rolled back. */
  apply(tx: Ctx, rows: readonly Read[], write: boolean): Promise<Verdict[]>;
  /** Its transaction is durable. */
  applied(verdicts: readonly Verdict[]): void;
  rowOf(read: Read): number;
}

export const refused = (row: number, ...issues: RowIssue[]): Verdict => ({ row, outcome: "refused", issues });
