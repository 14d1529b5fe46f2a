const REDACTED = "[redacted]";
const MOST_CHARACTERS = 200;

/** Fields whose values are addresses or secrets, by the end of their names. */
const SENSITIVE = /^(?:new)?e-?mails?$|(?:phone|address|addresses|password|secret|token|code)$/i;
const EMAIL = /[^\s@<>"',;:]{1,64}@[^\s@<>"',;:]{1,255}/g;
const PHONE = /\+\d[\d ().-]{6,18}\d/g;

/** What the trail keeps of a value: no address and no secret, wherever it stands in it, and long texts cut short. */
export function redact(value: unknown): unknown {
  if (typeof value === "string") return shorten(value.replaceAll(EMAIL, REDACTED).replaceAll(PHONE, REDACTED));
  if (Array.isArray(value)) return value.map(redact);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, SENSITIVE.test(name) ? hide(inner) : redact(inner)]),
  );
}

/** That a value was there or not, and between which two it changed, may be told; the values may not. */
function hide(value: unknown): unknown {
  if (value === null || typeof value === "boolean") return value;
  if (isChange(value)) return { before: hide(value.before), after: hide(value.after) };
  return REDACTED;
}

function isChange(value: unknown): value is { readonly before: unknown; readonly after: unknown } {
  return typeof value === "object" && value !== null && "before" in value && "after" in value;
}

function shorten(text: string): string {
  const characters = Array.from(text);
  return characters.length > MOST_CHARACTERS ? `${characters.slice(0, MOST_CHARACTERS).join("")}…` : text;
}
