import { type Connection, createConnection } from "mysql2/promise";

/** A delivery as our own ledger tells it, found by the attempt's token. */
export interface OurDelivery {
  readonly id: string;
  readonly channel: string;
  readonly state: string;
  readonly unknowns: number;
}

/** What the database says of the run's deliveries. */
export interface OurLedger {
  openWork(): Promise<number>;
  states(): Promise<Record<string, number>>;
  byToken(): Promise<Map<string, OurDelivery>>;
  unknownSeen(): Promise<number>;
  stuck(): Promise<string[]>;
  close(): Promise<void>;
}

export async function openLedger(databaseUrl: string): Promise<OurLedger> {
  let connection: Connection | undefined;
  async function rows<Row>(sql: string): Promise<Row[]> {
    connection ??= await createConnection(databaseUrl);
    try {
      return (await connection.query(sql))[0] as Row[];
    } catch (error) {
      connection.destroy();
      connection = undefined;
      throw error;
    }
  }
  const count = async (sql: string): Promise<number> => Number((await rows<{ n: number | string }>(sql))[0]?.n ?? 0);

  return {
    openWork: () =>
      count(`select (select count(*) from deliveries where state in ('queued','retry','sending','unknown'))
        + (select count(*) from occurrences where state in ('planned','expanding'))
        + (select count(*) from reminders where status = 'active') as n`),
    async states() {
      const found = await rows<{ state: string; n: number }>(
        "select state, count(*) as n from deliveries group by state",
      );
      return Object.fromEntries(found.map(({ state, n }) => [state, n]));
    },
    async byToken() {
      const found = await rows<{
        token: string;
        id: string;
        channel: string;
        state: string;
        unknowns: number | string;
      }>(
        `select hex(a.token) as token, hex(d.id) as id, d.channel, d.state,
          (select count(*) from attempts u where u.business_id = d.business_id and u.delivery_id = d.id
            and (u.state in ('unknown','started') or u.number < d.fence and u.finished_at is null)) as unknowns
        from attempts a join deliveries d on d.business_id = a.business_id and d.id = a.delivery_id`,
      );
      return new Map(
        found.map(({ token, unknowns, ...delivery }) => [
          token.toLowerCase(),
          { ...delivery, unknowns: Number(unknowns) },
        ]),
      );
    },
    unknownSeen: () => count("select count(*) as n from deliveries where unknown_since is not null"),
    async stuck() {
      const found = await rows<{ line: string }>(
        "select concat(channel, ' ', state, ' ', coalesce(reason, ''), ' tries ', tries, ' next ', coalesce(next_at, '-')) as line from deliveries where state in ('queued','retry','sending','unknown') limit 10",
      );
      return found.map(({ line }) => line);
    },
    close: async () => connection?.end(),
  };
}
