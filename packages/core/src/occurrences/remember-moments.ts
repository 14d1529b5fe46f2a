import type { Sequence } from "@reminder-app/schedule/sequence";
import { type DueFacts, type StepMoment, sequenceMoments } from "@reminder-app/schedule/sequence-moments";

/** All moments of a sequence around a due date, in the order of time. */
export type MomentsOf = (sequence: Sequence, facts: DueFacts) => Iterable<StepMoment>;

/** The same as `sequenceMoments`, worked out once for all assignments of one sequence that share a due date. */
export function rememberMoments(): MomentsOf {
  const known = new WeakMap<Sequence, Map<string, () => Iterable<StepMoment>>>();
  return (sequence, facts) => {
    if (facts.overrides) return sequenceMoments(sequence, facts);
    const byDate = known.get(sequence) ?? new Map<string, () => Iterable<StepMoment>>();
    known.set(sequence, byDate);
    const replay = byDate.get(facts.dueOn) ?? replayed(sequenceMoments(sequence, facts));
    byDate.set(facts.dueOn, replay);
    return replay();
  };
}

/** Read as far as somebody asks, and told again from the start to whoever asks later. */
function replayed<Item>(source: Iterator<Item>): () => Iterable<Item> {
  const read: Item[] = [];
  return function* () {
    for (let index = 0; ; index += 1) {
      if (index === read.length) {
        const next = source.next();
        if (next.done) return;
        read.push(next.value);
      }
      yield read[index] as Item;
    }
  };
}
