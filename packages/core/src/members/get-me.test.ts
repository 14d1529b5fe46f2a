import { newId } from "@reminder-app/platform/ids";
import { givenBusiness } from "@reminder-app/testing/given-business";
import { expect, test } from "vitest";
import { getMe } from "./get-me.ts";

test("who was removed a moment ago, and is still remembered as signed in, is told to sign in again (S06, S43)", async () => {
  const { ctx } = await givenBusiness();
  const removed = { kind: "member", memberId: newId<"Member">(), role: "staff" } as const;
  await expect(getMe({ ...ctx, actor: removed })).rejects.toMatchObject({ code: "token_revoked" });
});
