import { afterAll, beforeAll, expect, test } from "vitest";
import { type GivenApi, givenApi } from "../given-api.ts";

let api: GivenApi;
beforeAll(async () => {
  api = await givenApi();
});
afterAll(() => api.close());

test.each(["viewer", "staff", "admin", "owner"] as const)(
  "a %s is invited, joins and has that role (S23, J7)",
  async (role) => {
    const firm = await api.firm();
    const member = await firm.member(role);
    const { body } = await member.get("/v1/me");
    expect(body).toMatchObject({ role, email: member.email, emailVerified: true });
    const { items } = (await firm.get("/v1/members")).body;
    expect(items.map(({ id, role: as }: { id: string; role: string }) => [id, as])).toEqual([
      [firm.id, "owner"],
      [member.id, role],
    ]);
  },
);
