import { tamperWith } from "@reminder-app/testing/given-audit";
import { givenBusiness } from "@reminder-app/testing/given-business";
import { newId } from "@reminder-app/platform/ids";
import { recordAudit } from "@reminder-app/core/audit/record-audit";
import { testSettings } from "@reminder-app/testing/test-settings";
import { expect, test } from "vitest";
import { runCommand } from "./given-command.ts";

const key = (fill: number) => `1:${Buffer.alloc(32, fill).toString("base64")}`;
const env = {
  APP_ENV: "testing",
  TOKEN_KEYS: key(1),
  ENCRYPTION_KEYS: key(2),
  LOOKUP_KEYS: key(3),
  DATABASE_URL: testSettings().DATABASE_URL,
};

test("audit:verify counts the links of a chain, names the first broken one and fails (S67)", async () => {
  const shop = await givenBusiness();
  for (let made = 0; made < 3; made += 1) await recordAudit(shop.ctx, "test.done", { entityId: newId(), made });
  const args = ["--business", shop.ctx.businessId];

  const whole = await runCommand("audit-verify", args, { env });
  expect([whole.code, whole.stdout]).toEqual([0, expect.stringMatching(/^ok .* 3 events, head [0-9a-f]{64}\n$/)]);

  await tamperWith(shop).change(2, { details: { made: 99 } });
  const broken = await runCommand("audit-verify", [...args, "--json"], { env });
  expect(broken.code).toBe(1);
  expect(broken.json).toEqual([
    expect.objectContaining({
      businessId: shop.ctx.businessId,
      events: 1,
      broken: { seq: 2, reason: expect.any(String) },
    }),
  ]);
});
