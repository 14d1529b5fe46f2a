import { expect, test } from "vitest";
import { civilDateIn, civilDateSchema, dueDateSchema, formatCivilDate } from "./civil-date.ts";

test.each(["2027-04-30", "2028-02-29", "1900-01-01", "9999-12-31"])("%s is a date", (date) => {
  expect(civilDateSchema.parse(date)).toBe(date);
});

test.each([
  "2027-04-31",
  "2027-02-29",
  "2027-4-30",
  "2027-13-01",
  "2027-04-30T09:00",
  "1899-12-31",
  "tomorrow",
  20_270_430,
])("%s is no date", (date) => expect(civilDateSchema.safeParse(date).success).toBe(false));

test("a date is written as its reader writes it, whatever zone the process is in", () => {
  expect(formatCivilDate("2027-04-30", "en-GB")).toBe("30 April 2027");
  expect(formatCivilDate("2027-04-30", "en-US")).toBe("April 30, 2027");
  expect(formatCivilDate("2027-04-30", "de")).toBe("30. April 2027");
});

test("the day depends on the zone", () => {
  const at = new Date("2027-04-30T11:00:00Z");

  expect(civilDateIn("Pacific/Kiritimati", at)).toBe("2027-05-01");
  expect(civilDateIn("Pacific/Honolulu", at)).toBe("2027-04-30");
});

test("a due date leaves room for the steps around it (A4)", () => {
  for (const date of ["1900-01-01", "9899-12-31"]) expect(dueDateSchema.safeParse(date).success).toBe(true);
  for (const date of ["1899-12-31", "2027-02-30"]) expect(dueDateSchema.safeParse(date).success).toBe(false);
  expect(dueDateSchema.safeParse("9900-01-01").error?.issues[0]?.message).toContain("at the latest 9899-12-31");
});
