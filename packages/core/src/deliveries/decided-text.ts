import type { SendContext } from "./deliveries.repo.ts";
import type { TemplateText } from "./compose-message.ts";

/** What staff wrote for this one send, where it is not the reminder's. */
export function withDecidedText(template: TemplateText, { decided }: Pick<SendContext, "decided">): TemplateText {
  if (!decided || (decided.subject === null && decided.body === null)) return template;
  return {
    revision: template.revision,
    subject: decided.subject ?? template.subject,
    body: decided.body ?? template.body,
  };
}
