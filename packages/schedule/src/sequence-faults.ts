import type { Sequence } from "./sequence.ts";

/** What is wrong with a sequence whose fields are right in themselves, and where. */
export interface SequenceFault {
  readonly path: (string | number)[];
  readonly message: string;
}

/** What makes a sequence unusable, each with what to write instead. */
export function findSequenceFaults({ steps }: Sequence): SequenceFault[] {
  return steps.flatMap((step, index) => {
    const before = steps.slice(0, index);
    const sameName = before.some(({ id }) => id === step.id);
    const sameMoment = before.find(
      ({ days, count, time }) => days === step.days && count === step.count && time === step.time,
    );
    return [
      ...(sameName ? [fault(index, "id", `${step.id} names two steps; give each its own name`)] : []),
      ...(sameMoment
        ? [fault(index, "time", `is the moment of ${sameMoment.id} too; give it another day or time, or join the two`)]
        : []),
    ];
  });
}

function fault(index: number, field: string, message: string): SequenceFault {
  return { path: ["steps", index, field], message };
}
