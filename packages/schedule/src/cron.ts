import { type CronField, readCronField } from "./cron-field.ts";

/** A cron text said as a recurrence: an RFC 5545 rule, and the local time of day of its moments, `HH:MM`. */
export interface CronMeaning {
  readonly rule: string;
  readonly time: string;
}

type Read = CronMeaning | { readonly fault: string };

const weekdayWords = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const ruleDays = ["SU", "MO", "TU", "WE", "TH", "FR", "SA", "SU"];
const monthWords = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

const fields = {
  minute: { name: "minute", least: 0, most: 59 },
  hour: { name: "hour", least: 0, most: 23 },
  day: { name: "day of the month", least: 1, most: 31 },
  month: { name: "month", least: 1, most: 12, words: monthWords },
  weekday: { name: "day of the week", least: 0, most: 7, words: weekdayWords },
} satisfies Record<string, CronField>;

const nicknames: Readonly<Record<string, string>> = {
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@weekly": "0 0 * * 0",
  "@monthly": "0 0 1 * *",
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
};

/**
 * Says a cron text of five fields (minute, hour, day of the month, month, day of the week) as a recurrence, or what cannot be
 * said and what to write instead. Beside crontab(5): `L` is the month's last day, `5L` its last Friday, `5#2` its second.
 */
export function readCron(text: string): Read {
  const told = nicknames[text.trim().toLowerCase()] ?? text.trim();
  if (told.startsWith("@")) return { fault: nicknameFault(told) };
  const [minute = "", hour = "", day = "", month = "", weekday = "", ...rest] = told.split(/\s+/);
  if (rest.length > 0)
    return { fault: "has more than five fields; leave out seconds and years: minute hour day month weekday" };
  if (weekday === "")
    return { fault: "has fewer than five fields; write minute hour day month weekday, as in 0 9 * * 1-5" };

  const time = readTime(minute, hour);
  if ("fault" in time) return time;
  const rule = readDays(day, month, weekday);
  return "fault" in rule ? rule : { rule: rule.rule, time: time.time };
}

function nicknameFault(told: string): string {
  if (told.toLowerCase() === "@hourly") return "@hourly is several times a day; write a schedule for each time";
  if (told.toLowerCase() === "@reboot") return "@reboot is no time; say when, as in 0 9 * * *";
  return `${JSON.stringify(told.slice(0, 40))} is unknown; write five fields, or ${Object.keys(nicknames).join(", ")}`;
}

function readTime(minute: string, hour: string): { time: string } | { fault: string } {
  const read = [readCronField(fields.minute, minute), readCronField(fields.hour, hour)] as const;
  const parts: string[] = [];
  for (const field of read) {
    if ("fault" in field) return field;
    if (field.numbers.length > 1)
      return {
        fault: "means several times a day; write one minute and one hour, and a schedule for each further time",
      };
    parts.push(String(field.numbers[0]).padStart(2, "0"));
  }
  return { time: parts.reverse().join(":") };
}

type Rule = { readonly rule: string } | { readonly fault: string };

function readDays(day: string, month: string, weekday: string): Rule {
  if (!isAny(day) && !isAny(weekday)) {
    return {
      fault:
        "gives a day of the month and a day of the week, of which cron takes either; write two schedules, or a rule such as FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR for both",
    };
  }
  const months = readCronField(fields.month, month);
  if ("fault" in months) return months;
  const within = months.numbers.length === 12 ? "" : `;BYMONTH=${months.numbers.join(",")}`;
  const days = isAny(weekday) ? readMonthDays(day) : readWeekdays(weekday);
  return "fault" in days ? days : { rule: days.rule + within };
}

function readMonthDays(text: string): Rule {
  if (isAny(text)) return { rule: "FREQ=DAILY" };
  const items = text.toUpperCase().split(",");
  const odd = items.find((item) => item !== "L" && /[LW]/.test(item));
  if (odd) return { fault: monthDayFault(odd) };
  const plain = items.filter((item) => item !== "L");
  const read = plain.length > 0 ? readCronField(fields.day, plain.join(",")) : { numbers: [] };
  if ("fault" in read) return read;
  if (read.numbers.length === 31) return { rule: "FREQ=DAILY" };
  const last = plain.length < items.length ? [-1] : [];
  return { rule: `FREQ=MONTHLY;BYMONTHDAY=${[...read.numbers, ...last].join(",")}` };
}

function monthDayFault(item: string): string {
  const fromEnd = /^L-(\d{1,2})$/.exec(item)?.[1];
  if (fromEnd) return `${item} is not supported; write the rule FREQ=MONTHLY;BYMONTHDAY=-${Number(fromEnd) + 1}`;
  if (item === "LW")
    return "LW is not supported; for the last weekday write the rule FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1";
  if (item.includes("W"))
    return `${item} is not supported, as the nearest weekday is no recurrence; write a sequence whose due dates move off closed days`;
  return `${JSON.stringify(item.slice(0, 40))} is no day of the month; write 1 to 31, or L for the last`;
}

function readWeekdays(given: string): Rule {
  const items = given.toUpperCase().split(",");
  const numbered: string[] = [];
  for (const item of items.filter((text) => /[L#]/.test(text))) {
    const day = numberedDay(item);
    if (typeof day !== "string") return day;
    numbered.push(day);
  }
  const plain = items.filter((item) => !/[L#]/.test(item));
  const read = plain.length > 0 ? readCronField(fields.weekday, plain.join(",")) : { numbers: [] };
  if ("fault" in read) return read;
  const days = new Set(read.numbers.map((number) => ruleDays[number] ?? ""));
  if (days.size === 7) return { rule: "FREQ=DAILY" };
  const freq = numbered.length > 0 ? "MONTHLY" : "WEEKLY";
  return { rule: `FREQ=${freq};BYDAY=${[...new Set([...days, ...numbered])].join(",")}` };
}

/** `5#2`, the second Friday, as `2FR`; `5L`, the last one, as `-1FR`. */
function numberedDay(item: string): string | { fault: string } {
  const [, word = "", ordinal] = /^(\w{1,3}?)(?:L|#([1-5]))$/.exec(item) ?? [];
  const read = readCronField(fields.weekday, word);
  const number = "numbers" in read && read.numbers.length === 1 ? read.numbers[0] : undefined;
  return number === undefined
    ? {
        fault: `${JSON.stringify(item.slice(0, 40))} is no day of the week; write 5#2 for the second Friday, 5L for the last`,
      }
    : `${ordinal ?? -1}${ruleDays[number] ?? ""}`;
}

function isAny(text: string): boolean {
  return text === "*" || text === "?";
}
