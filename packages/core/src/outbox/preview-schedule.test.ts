import { givenBusiness } from "@reminder-app/testing/given-business";
import { expect, test } from "vitest";
import type { z } from "zod";
import { PreviewScheduleInput, previewSchedule } from "./preview-schedule.ts";

const NOW = "2027-03-01T12:00:00Z";

type Input = z.input<typeof PreviewScheduleInput>;

async function preview(input: Input, profile = {}) {
  const { ctx } = await givenBusiness({ now: NOW, ...profile });
  return previewSchedule(ctx, PreviewScheduleInput.parse(input));
}

const step = { id: "t-7", days: -7, time: "09:00" };
const sequence = (fields = {}): Input["schedule"] => ({
  kind: "sequence",
  zone: "Europe/London",
  steps: [step, { ...step, id: "t+0", days: 0 }],
  ...fields,
});

test("a preview tells a time that the clocks skip, and the one that is used (A6)", async () => {
  const once = { kind: "once", at: "2027-03-28T01:30", zone: "Europe/London" } as const;
  expect(await preview({ schedule: once })).toEqual([
    {
      localTime: "2027-03-28T02:00",
      timeZone: "Europe/London",
      at: new Date("2027-03-28T01:00:00Z"),
      note: "The clocks in Europe/London skip 01:30 on that day, so 02:00 is used.",
    },
  ]);
  const daily = { kind: "recurring", start: "2027-03-27T01:30", zone: "Europe/London", rule: "FREQ=DAILY" } as const;
  const [usual, odd] = await preview({ schedule: daily, limit: 2 });
  expect([usual?.note, odd?.note]).toEqual([undefined, expect.stringContaining("skip 01:30")]);
});

test("a preview tells a time that comes twice (A6)", async () => {
  const once = { kind: "once", at: "2027-10-31T01:30", zone: "Europe/London" } as const;
  const [moment] = await preview({ schedule: once });
  expect(moment?.at).toEqual(new Date("2027-10-31T00:30:00Z"));
  expect(moment?.note).toBe("The clocks in Europe/London show 01:30 twice on that day; the first is used.");
});

test("a preview of a sequence names its steps, and those that are past (A4)", async () => {
  const moments = await preview({ schedule: sequence(), dueOn: "2027-03-05" });
  expect(moments.map(({ stepId, at, note }) => [stepId, at.toISOString(), note])).toEqual([
    ["t-7", "2027-02-26T09:00:00.000Z", "It is past already."],
    ["t+0", "2027-03-05T09:00:00.000Z", undefined],
  ]);
  expect(await preview({ schedule: sequence(), dueOn: "2027-03-05", after: NOW })).toHaveLength(1);
});

test("a preview of a sequence follows one client's changes, and refuses those of unknown steps (A4)", async () => {
  const overrides = { "t-7": { skip: true as const }, "t+0": { days: 2, time: "10:00" } };
  const moments = await preview({ schedule: sequence(), dueOn: "2027-05-07", overrides });
  expect(moments.map(({ localTime }) => localTime)).toEqual(["2027-05-09T10:00"]);
  const unknown = preview({ schedule: sequence(), dueOn: "2027-05-07", overrides: { other: {} } });
  await expect(unknown).rejects.toMatchObject({ issues: [{ field: "overrides.other" }] });
});

test("a preview counts the holidays of the business, and says that a step is moved (A9)", async () => {
  const schedule = sequence({ steps: [{ ...step, ifClosed: "earlier" }] });
  const dueOn = "2027-06-07"; // a week after the spring bank holiday
  const [at, elsewhere] = await Promise.all([
    preview({ schedule, dueOn }, { holidayCalendar: "GB-ENG" }),
    preview({ schedule, dueOn }),
  ]);
  expect(at).toMatchObject([
    { localTime: "2027-05-28T09:00", moved: "earlier", note: expect.stringContaining("moved") },
  ]);
  expect(elsewhere).toMatchObject([{ localTime: "2027-05-31T09:00" }]);
});

test("a preview in the recipients' zones spans the earth, or is one recipient's (A2)", async () => {
  const schedule = { kind: "once", at: "2027-03-10T09:00", zone: "recipient" } as const;
  const [everybody] = await preview({ schedule });
  expect([everybody?.at, everybody?.lastAt]).toEqual([
    new Date("2027-03-09T19:00:00Z"),
    new Date("2027-03-10T21:00:00Z"),
  ]);
  expect(everybody?.note).toContain("the last at 2027-03-10T21:00:00.000Z");
  const [one] = await preview({ schedule, timeZone: "America/New_York" });
  expect(one).toEqual({
    localTime: "2027-03-10T09:00",
    timeZone: "America/New_York",
    at: new Date("2027-03-10T14:00:00Z"),
  });
});

test("a recipient's preview keeps what has begun elsewhere on earth (A2)", async () => {
  const schedule = { kind: "recurring", start: "2027-01-01T09:00", zone: "recipient", rule: "FREQ=DAILY" } as const;
  const [first] = await preview({ schedule, timeZone: "America/New_York", limit: 1 });
  expect(first?.at).toEqual(new Date("2027-03-01T14:00:00Z"));
});

test.each([
  [{ timeZone: "Europe/Paris" }, "timeZone"],
  [{ dueOn: "2027-05-07" }, "dueOn"],
  [{ overrides: {} }, "overrides"],
])("what does not go with a schedule is refused by name: %o (A2)", async (extra, field) => {
  const schedule = { kind: "once", at: "2027-03-10T09:00", zone: "Europe/London" } as const;
  await expect(preview({ schedule, ...extra })).rejects.toMatchObject({ issues: [{ field }] });
});

test("a due rule is previewed over its next periods, a statutory one from a client's facts (A10)", async () => {
  const monthly = { kind: "recurring", start: "2027-01-31", rule: "FREQ=MONTHLY" } as const;
  const rule = await preview({ schedule: sequence({ steps: [step], due: monthly }), limit: 3 });
  expect(rule.map(({ dueOn, localTime }) => [dueOn, localTime])).toEqual([
    ["2027-03-31", "2027-03-24T09:00"],
    ["2027-04-30", "2027-04-23T09:00"],
    ["2027-05-31", "2027-05-24T09:00"],
  ]);
  const vat = sequence({ steps: [step], due: { kind: "statutory", rule: "uk_vat_return" } });
  const law = await preview({ schedule: vat, facts: { vatStagger: "1" }, limit: 2 });
  expect(law.map(({ dueOn }) => dueOn)).toEqual(["2027-05-07", "2027-08-07"]);
  await expect(preview({ schedule: vat })).rejects.toMatchObject({ issues: [{ field: "facts.vatStagger" }] });
  const misplaced = preview({ schedule: sequence(), dueOn: "2027-05-07", facts: {} });
  await expect(misplaced).rejects.toMatchObject({ issues: [{ field: "facts" }] });
});
