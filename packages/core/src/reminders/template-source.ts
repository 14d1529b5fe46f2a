import type { Id } from "@reminder-app/platform/ids";
import type { Ctx } from "../ctx.ts";
import type { TemplateText } from "../deliveries/compose-message.ts";
import { reminderRepo } from "./reminders.repo.ts";

export interface TemplateSource {
  load(ctx: Ctx, reminder: { id: Id<"Reminder">; revision: number }): Promise<TemplateText>;
}

const KEPT = 500;

/** Texts of reminders by revision; one revision never changes, so it is read once. */
export function templateSource(): TemplateSource {
  const kept = new Map<string, TemplateText>();
  return {
    async load(ctx, { id, revision }) {
      const known = kept.get(`${id}:${revision}`);
      if (known) return known;
      const { subject, body, revision: present } = await reminderRepo(ctx).get(id);
      const text = { key: `${id}:${present}`, subject, body };
      kept.set(text.key, text);
      const [oldest] = kept.keys();
      if (kept.size > KEPT && oldest) kept.delete(oldest);
      return text;
    },
  };
}
