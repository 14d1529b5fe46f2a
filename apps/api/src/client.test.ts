import { createClient, getClient, listClients } from "@reminder-app/client/api";
import { ApiError } from "@reminder-app/client/send";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GivenApi, givenApi } from "./given-api.ts";

let api: GivenApi;
beforeAll(async () => {
  api = await givenApi();
});
afterAll(() => api.close());

test("the typed client sends what the API takes, and answers what it gives (J13)", async () => {
  const firm = await api.firm();
  const as = { origin: api.url, token: firm.token };
  const contacts = [{ name: "Ada Hill", addresses: { email: "ada@hill.example" } }];
  const made = await createClient({ name: "Hill Ltd", contacts }, as);
  expect(await getClient(made.id, as)).toEqual(made);
  const { items } = await listClients({ search: "Hill", limit: 10 }, as);
  expect(items.map(({ id }) => id)).toEqual([made.id]);
});

test("a refusal is an error with the API's own words (J13, S43)", async () => {
  const firm = await api.firm();
  const refused = createClient({ name: "", contacts: [] }, { origin: api.url, token: firm.token });
  await expect(refused).rejects.toBeInstanceOf(ApiError);
  await expect(refused).rejects.toMatchObject({ problem: { status: 422, code: "validation_failed" } });
  await expect(listClients({}, { origin: api.url })).rejects.toMatchObject({ problem: { status: 401 } });
});
