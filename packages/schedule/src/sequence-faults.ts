import type { Sequence, Step } from "./sequence.ts";

/** What is wrong with a sequence whose fields are right in themselves, and where. */
export interface SequenceFault {
  readonly path: (string | number)[];
  readonly message: string;
}

/** What makes a sequence unusable, each with what to write instead. */
export function findSequenceFaults({ steps }: Sequence): SequenceFault[] {
  const names = new Set<string>();
  const moments = new Map<string, string>();
  return steps.flatMap((step, index) => {
    const sameMoment = moments.get(momentOf(step));
    const faults = [
      ...(names.has(step.id) ? [fault(index, "id", `${step.id} names two steps; give each its own name`)] : []),
      ...(sameMoment
        ? [fault(index, "time", `is the moment of ${sameMoment} too; give it another day or time, or join the two`)]
        : []),
    ];
    names.add(step.id);
    moments.set(momentOf(step), step.id);
    return faults;
  });
}

/** Two steps of one moment meet around every due date. The due date itself is the same day in either way of counting. */
function momentOf({ days, count, time }: Step): string {
  return days === 0 ? `0 ${time}` : `${days} ${count} ${time}`;
}

function fault(index: number, field: string, message: string): SequenceFault {
  return { path: ["steps", index, field], message };
}
