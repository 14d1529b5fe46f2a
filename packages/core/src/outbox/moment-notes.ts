import { type StepMoment } from "@reminder-app/schedule/sequence-moments";
import { oddTime } from "@reminder-app/schedule/odd-times";
import { RECIPIENT, wallTimeIn } from "@reminder-app/schedule/zones";

/** What is told of a moment beside when it is. */
export interface Remarkable extends Pick<Partial<StepMoment>, "moved" | "collides"> {
  /** The wall time meant, `YYYY-MM-DDTHH:MM[:SS]`. */
  readonly meant: string;
  readonly zone: string;
  readonly at: Date;
  /** Set for a moment in the recipients' own zones: when the last place on earth comes to it. */
  readonly lastAt?: Date;
  readonly past: boolean;
}

/** In plain words what is special about a moment, a sentence for each; undefined where nothing is. */
export function noteOf(moment: Remarkable): string | undefined {
  const sentences = [leftOut(moment), clockNote(moment), moveNote(moment), spanNote(moment)].filter(
    (sentence) => sentence !== undefined,
  );
  return sentences.length > 0 ? sentences.join(" ") : undefined;
}

function leftOut({ collides, past }: Remarkable): string | undefined {
  if (collides) return "It is left out, because another step has its day already.";
  return past ? "It is past already." : undefined;
}

function clockNote({ meant, zone, at }: Remarkable): string | undefined {
  if (zone === RECIPIENT) return undefined;
  const odd = oddTime(meant, zone);
  const time = meant.slice(11);
  if (odd === "skipped")
    return `The clocks in ${zone} skip ${time} on that day, so ${wallTimeIn(zone, at).slice(11)} is used.`;
  return odd === "repeated" ? `The clocks in ${zone} show ${time} twice on that day; the first is used.` : undefined;
}

function moveNote({ moved }: Remarkable): string | undefined {
  return moved && `It is moved ${moved}, because the day meant is a weekend or a holiday.`;
}

function spanNote({ lastAt, at }: Remarkable): string | undefined {
  return (
    lastAt &&
    `Each recipient gets it when their own clocks show this time: the first on earth at ${at.toISOString()}, the last at ${lastAt.toISOString()}.`
  );
}
