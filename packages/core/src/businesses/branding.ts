import { addressSchemas } from "@reminder-app/channels/addresses";
import { z } from "zod";

/** What text needs against its background (WCAG 2.2, 1.4.3). */
const LEAST_CONTRAST = 4.5;

/** What a client's page looks like, and whom clients may ask. */
export const brandingSchema = z
  .strictObject({
    color: z
      .string()
      .regex(/^#[\da-f]{6}$/i, "must be a colour such as #14532d")
      .refine((color) => contrastWithWhite(color) >= LEAST_CONTRAST, {
        error: ({ input }) =>
          `has a contrast of ${contrastOf(input)} to 1 with white, which is written on it; it needs ${LEAST_CONTRAST}, so choose a darker one such as #14532d`,
      })
      .describe("Of buttons, as #rrggbb; white must be readable on it"),
    email: addressSchemas.email.describe("Where clients may ask"),
    phone: addressSchemas.sms.describe("Where clients may call, such as +442079460101"),
  })
  .partial();

/** The contrast ratio of a colour with white, from 1 to 21 (WCAG 2.2). */
function contrastWithWhite(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) =>
    linear(Number.parseInt(color.slice(at, at + 2), 16) / 255),
  );
  return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05);
}

function linear(part: number): number {
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}

/** As it is told, never rounded up to what would do. */
function contrastOf(color: unknown): string {
  return typeof color === "string" ? (Math.floor(contrastWithWhite(color) * 10) / 10).toFixed(1) : "?";
}
