import { givenTestBusiness } from "@reminder-app/testing/given-test-clock";
import { testSettings } from "@reminder-app/testing/test-settings";
import { newId } from "@reminder-app/platform/ids";
import { expect, test } from "vitest";
import { runCommand } from "./given-command.ts";

const { DATABASE_URL, ENCRYPTION_KEYS, LOOKUP_KEYS } = testSettings();
const ring = (keys: ReadonlyMap<number, Buffer>) =>
  [...keys].map(([id, key]) => `${id}:${key.toString("base64")}`).join(",");
const env = {
  APP_ENV: "testing",
  TOKEN_KEYS: `1:${Buffer.alloc(32, 1).toString("base64")}`,
  ENCRYPTION_KEYS: ring(ENCRYPTION_KEYS),
  LOOKUP_KEYS: ring(LOOKUP_KEYS),
  DATABASE_URL,
};

async function givenYear() {
  const shop = await givenTestBusiness({ now: "2027-03-01T12:00:00Z" });
  const reminder = await shop.reminder({
    name: "Bank statements",
    schedule: { kind: "recurring", start: "2027-03-31T09:00", zone: "Europe/London", rule: "FREQ=MONTHLY;COUNT=3" },
  });
  const [hill, dale] = [await shop.client(), await shop.client({ name: "Dale & Co" })];
  await shop.assign(reminder, hill, dale);
  return { business: shop.ctx.businessId, dale };
}

test("rehearse prints the months ahead as a calendar, by the business's own clock (A17, J12)", async () => {
  const { business, dale } = await givenYear();
  const args = ["--business", business, "--months", "3", "--client", dale.id];
  const { code, stdout } = await runCommand("rehearse", args, { env });
  expect(code).toBe(0);
  expect(stdout.trimEnd().split("\n")).toEqual([
    "All times are those of Europe/London",
    "",
    "March 2027: 1 message",
    "  Wed 31  09:00  Bank statements  to Dale & Co, Ada Hill, by email",
    "",
    "April 2027: 1 message",
    "  Fri 30  09:00  Bank statements  to Dale & Co, Ada Hill, by email",
    "",
    "May 2027: 1 message",
    "  Mon 31  09:00  Bank statements  to Dale & Co, Ada Hill, by email",
    "",
    "June 2027: nothing",
  ]);
});

test("rehearse tells programs the same, and refuses what it cannot do (A17)", async () => {
  const { business } = await givenYear();
  const [told, tooLong, unknown] = await Promise.all([
    runCommand("rehearse", ["--business", business, "--json"], { env }),
    runCommand("rehearse", ["--business", business, "--months", "25"], { env }),
    runCommand("rehearse", ["--business", newId()], { env }),
  ]);
  expect(told.json[0].months.map(({ goes }: { goes: number }) => goes).slice(0, 4)).toEqual([2, 2, 2, 0]);
  expect(told.json[0].months).toHaveLength(13);
  expect([tooLong.code, tooLong.stderr]).toEqual([1, expect.stringMatching(/^Use --business/)]);
  expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringMatching(/^Business .* not found/)]);
}, 120_000);
