import fc, { type GeneratorValue } from "fast-check";

/** One of `choices`, of which there has to be one at least. */
export function pick<Choice>(draw: GeneratorValue, choices: readonly Choice[]): Choice {
  if (choices.length === 0) throw new RangeError("There is nothing to pick from");
  return choices[draw(fc.nat, { max: choices.length - 1 })] as Choice;
}

/** True in `percent` of 100 draws. */
export function chance(draw: GeneratorValue, percent: number): boolean {
  return draw(fc.integer, { min: 0, max: 99 }) < percent;
}
