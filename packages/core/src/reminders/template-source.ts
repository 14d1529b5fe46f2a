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
  const loading = new Map<string, Promise<TemplateText>>();

  async function read(ctx: Ctx, id: Id<"Reminder">): Promise<TemplateText> {
    const { subject, body, revision } = await reminderRepo(ctx).get(id);
    const text = { key: `${id}:${revision}`, subject, body };
    kept.set(text.key, text);
    const [oldest] = kept.keys();
    if (kept.size > KEPT && oldest) kept.delete(oldest);
    return text;
  }

  return {
    async load(ctx, { id, revision }) {
      const known = kept.get(`${id}:${revision}`);
      if (known) return known;
      // The messages of one moment ask at the same time, and one of them reads.
      const key = `${id}:${revision}`;
      const reading = loading.get(key) ?? read(ctx, id).finally(() => loading.delete(key));
      loading.set(key, reading);
      return reading;
    },
  };
}
