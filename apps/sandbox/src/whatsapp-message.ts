import { z } from "zod";

const parameter = z.looseObject({ type: z.string(), text: z.string().optional() });

/** What the stand-in understands of Meta's message object; fields that it does not know are let through. */
export const whatsappMessageSchema = z
  .looseObject({
    messaging_product: z.literal("whatsapp"),
    to: z.string().regex(/\d{5,}/),
    type: z.enum(["text", "template"]).default("text"),
    text: z.looseObject({ body: z.string().min(1).max(4_096) }).optional(),
    template: z
      .looseObject({
        name: z.string().min(1),
        language: z.looseObject({ code: z.string() }),
        components: z.array(z.looseObject({ type: z.string(), parameters: z.array(parameter).optional() })).default([]),
      })
      .optional(),
    biz_opaque_callback_data: z.string().max(512).optional(),
  })
  .refine((message) => message[message.type] !== undefined, { message: "the object named by `type` is missing" });

/** The text that a client would see. Of a template only its name and values are known here, for its words are kept at Meta. */
export function textOfMessage({ text, template }: z.output<typeof whatsappMessageSchema>): string {
  if (!template) return text?.body ?? "";
  const values = template.components
    .flatMap((component) => component.parameters ?? [])
    .flatMap(({ text }) => text ?? []);
  return [`[${template.name}]`, ...values].join("\n");
}
