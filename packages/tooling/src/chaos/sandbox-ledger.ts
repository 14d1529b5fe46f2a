/** A message as the sandbox accepted it. */
export interface AcceptedMessage {
  readonly at: string;
  readonly channel: string;
  readonly to: string;
  readonly token?: string;
}

const PAGE = 10_000;

/** Everything that the sandbox's providers have accepted, the oldest first. */
export async function readAccepted(sandboxUrl: string): Promise<AcceptedMessage[]> {
  const all: AcceptedMessage[] = [];
  for (let after = 0; ;) {
    const answer = await fetch(`${sandboxUrl}/sandbox/ledger?content=none&limit=${PAGE}&after=${after}`);
    const { entries, last } = (await answer.json()) as { entries: AcceptedMessage[]; last: number };
    all.push(...entries);
    if (entries.length < PAGE) return all;
    after = last;
  }
}

export type FaultRates = Readonly<Record<string, number>>;

/** Let the sandbox's providers fail at random, in a way that can be repeated. */
export async function setFaults(sandboxUrl: string, rates: FaultRates): Promise<void> {
  const answer = await fetch(`${sandboxUrl}/sandbox/faults`, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ channel: "all", rates, seed: 7 }),
  });
  if (!answer.ok) throw new Error(`The sandbox refused the faults: ${await answer.text()}`);
}
