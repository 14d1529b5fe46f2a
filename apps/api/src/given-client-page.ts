import { type GivenApi, type GivenFirm, anAddress } from "./given-api.ts";
import type { Answer } from "./given-call.ts";

const FORM = { "content-type": "application/x-www-form-urlencoded" };

/** A due date so many days from today. */
export function dayFromNow(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

/** What is asked of a client whose page is under test. */
export interface GivenAsked {
  readonly reminderId: string;
  readonly assignmentId: string;
  now(): Promise<Readonly<Record<string, unknown>>>;
}

/** A client with one contact, and a link to their page. */
export interface GivenClientPage {
  readonly clientId: string;
  readonly contactId: string;
  readonly email: string;
  readonly linkId: string;
  /** `/p/<token>` */
  readonly path: string;
  get(more?: string): Promise<Answer>;
  /** Send a form of the page. */
  post(more: string, fields?: Readonly<Record<string, string>>): Promise<Answer>;
  /** Put the client on a reminder. */
  ask(reminder?: object, assignment?: object): Promise<GivenAsked>;
  tasks(): Promise<string[]>;
  /** The access log of the link, the newest first. */
  visits(): Promise<{ use: string; about: string | null; network: string }[]>;
}

export async function givenClientPage(
  { call }: GivenApi,
  firm: GivenFirm,
  contact: object = {},
): Promise<GivenClientPage> {
  const email = anAddress("ada");
  const given = { name: "Ada Rosewood", addresses: { email }, ...contact };
  const clientId = await firm.client({ name: "Rosewood Bakery Ltd", contacts: [given] });
  const made = (await firm.get(`/v1/clients/${clientId}`)).body as { contacts: { id: string }[] };
  const contactId = made.contacts[0]?.id ?? "";
  const links = `/v1/clients/${clientId}/links`;
  const { id: linkId, url } = (await firm.post(links, { contactId })).body as { id: string; url: string };
  const path = new URL(url).pathname;
  return {
    clientId,
    contactId,
    email,
    linkId,
    path,
    get: (more = "") => call("GET", path + more),
    post: (more, fields = {}) =>
      call("POST", path + more, { body: new URLSearchParams(fields).toString(), headers: FORM }),
    async ask(reminder = {}, assignment = {}) {
      const reminderId = await firm.reminder(reminder);
      const all = `/v1/reminders/${reminderId}/assignments`;
      const assigned = await firm.post(all, { assignments: [{ clientId, ...assignment }] });
      if (assigned.status !== 201) throw new Error(`Could not be assigned: ${assigned.text}`);
      const assignmentId = itemsOf<{ id: string }>(assigned)[0]?.id ?? "";
      const now = async () => itemsOf<Readonly<Record<string, unknown>>>(await firm.get(all))[0] ?? {};
      return { reminderId, assignmentId, now };
    },
    async tasks() {
      const items = itemsOf<{ kind: string }>(await firm.get(`/v1/tasks?clientId=${clientId}`));
      return items.map(({ kind }) => kind);
    },
    visits: async () => itemsOf(await firm.get(`${links}/${linkId}/visits?limit=100`)),
  };
}

function itemsOf<Item>({ body }: Answer): Item[] {
  return (body as { items: Item[] }).items;
}

/** A sequence that begins a week before the due date. */
export const beforeDue = {
  kind: "sequence",
  zone: "Europe/London",
  steps: [{ id: "t-7", days: -7, time: "09:00" }],
};
