import { civilDateIn } from "@reminder-app/schedule/civil-date";
import type { z } from "zod";
import { businessRepo } from "../businesses/businesses.repo.ts";
import type { Ctx } from "../ctx.ts";
import { type Period, type PeriodQuery, periodOf } from "./period.ts";
import { visitRepo } from "./visits.repo.ts";

/** How often clients' pages were opened on a day. */
export interface VisitLine {
  readonly day: string;
  /** By people, so far as can be told. */
  readonly opened: number;
  /** How many clients that were. */
  readonly clients: number;
  /** By mail scanners and other programs, which count for nothing. */
  readonly scanned: number;
}

export interface VisitReport extends Pick<Period, "from" | "to"> {
  /** Whether visits are noted at present: the business may have switched that off. */
  readonly counted: boolean;
  readonly lines: readonly VisitLine[];
}

/** How often clients opened their pages, day by day; programs are kept apart. */
export async function reportVisits(ctx: Ctx, query: z.output<typeof PeriodQuery>): Promise<VisitReport> {
  const period = await periodOf(ctx, query);
  const { countVisits: counted } = await businessRepo(ctx).get();
  const rows = await visitRepo(ctx).opened(period);
  const byDay = Map.groupBy(rows, ({ at }) => civilDateIn(period.zone, at));
  const lines = [...byDay].map(([day, visits]) => {
    const people = visits.filter(({ use }) => use === "opened");
    return {
      day,
      opened: sumOf(people),
      clients: new Set(people.map(({ clientId }) => clientId)).size,
      scanned: sumOf(visits.filter(({ use }) => use === "scanned")),
    };
  });
  const inOrder = lines.toSorted((one, other) => (one.day < other.day ? -1 : 1));
  return { from: period.from, to: period.to, counted, lines: inOrder };
}

function sumOf(rows: readonly { readonly visits: number }[]): number {
  return rows.reduce((sum, { visits }) => sum + visits, 0);
}
