import { randomUUID } from "node:crypto";
import type { GivenApi, GivenFirm } from "./given-api.ts";
import { formOf } from "./given-form.ts";

interface Item {
  readonly id: string;
  readonly label: string;
  readonly state: string;
  readonly reason: string | null;
  readonly documents: readonly { readonly id: string; readonly name: string }[];
}

interface Task {
  readonly kind: string;
  readonly state: string;
  readonly count: number;
}

/** What differs of the reminder, and when it is due for the client. */
interface Options {
  readonly dueOn?: string;
  readonly [field: string]: unknown;
}

interface Where {
  readonly api: GivenApi;
  readonly firm: GivenFirm;
}

interface Listed<One> {
  readonly items: readonly One[];
}

interface Assigned {
  readonly id: string;
  readonly state: string;
  readonly closedBecause: string | null;
}

/** A reminder that asks a client for documents, and the client's own page. */
export async function givenChecklist({ api, firm }: Where, checklist: readonly string[], options: Options = {}) {
  const { dueOn, ...input } = options;
  const clientId = await firm.client();
  const reminderId = await firm.reminder({
    type: "document",
    checklist,
    body: "Please send:\n{{ missing }}\nThank you.",
    ...input,
  });
  const assigned = await firm.post(`/v1/reminders/${reminderId}/assignments`, {
    assignments: [{ clientId, ...(dueOn !== undefined && { dueOn }) }],
  });
  const assignmentId = (assigned.body as Listed<Assigned>).items[0]?.id ?? "";
  const client = (await firm.get(`/v1/clients/${clientId}`)).body as { contacts: { id: string }[] };
  const contactId = client.contacts[0]?.id ?? "";
  const made = await firm.post(`/v1/clients/${clientId}/links`, { contactId });
  const link = made.body as { id: string; url: string };
  const page = new URL(link.url).pathname;
  const list = `/v1/reminders/${reminderId}/assignments/${assignmentId}/checklist`;
  return {
    clientId,
    reminderId,
    assignmentId,
    contactId,
    linkId: link.id,
    page,
    list,
    items: async () => ((await firm.get(list)).body as Listed<Item>).items,
    assignment: async () =>
      ((await firm.get(`/v1/reminders/${reminderId}/assignments`)).body as Listed<Assigned>).items[0],
    tasks: async () => ((await firm.get(`/v1/tasks?clientId=${clientId}`)).body as Listed<Task>).items,
    /** The client sends a file of their own for an item. */
    send: (itemId: string, content = randomUUID() as string, name = "figures.txt") =>
      api.call("POST", `${page}/items/${itemId}`, { body: formOf([{ name, content, type: "text/plain" }]) }),
    judge: (itemId: string, change: object) => firm.patch(`${list}/${itemId}`, change),
  };
}
