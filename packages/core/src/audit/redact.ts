const REDACTED = "[redacted]";
const MOST_CHARACTERS = 200;

/** Fields whose values are addresses or secrets, by the end of their names. */
const SENSITIVE = /^(?:new)?e-?mails?$|(?:phone|address|addresses|password|secret|token|code)$/i;
/** What tells who a client or contact is. The trail names them by their ids alone, so that erasing one leaves it as it is. */
const PERSONAL = /^(?:name|externalId|fileName|title|description|tags)$/;
const ABOUT_CLIENTS = /^(?:client|contact|document|link|payment_request)\./;
const EMAIL = /[^\s@<>"',;:]{1,64}@[^\s@<>"',;:]{1,255}/g;
const PHONE = /\+\d[\d ().-]{6,18}\d/g;

/** What the trail keeps of what was done: nothing that tells who a client is, no address and no secret, long texts cut short. */
export function redactDetails(action: string, details: object): unknown {
  return redact(details, ABOUT_CLIENTS.test(action) ? isPersonal : isSensitive);
}

function isSensitive(name: string): boolean {
  return SENSITIVE.test(name);
}

function isPersonal(name: string): boolean {
  return PERSONAL.test(name) || isSensitive(name);
}

function redact(value: unknown, isHidden: (name: string) => boolean): unknown {
  if (typeof value === "string") return shorten(value.replaceAll(EMAIL, REDACTED).replaceAll(PHONE, REDACTED));
  if (Array.isArray(value)) return value.map((inner) => redact(inner, isHidden));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, isHidden(name) ? hide(inner) : redact(inner, isHidden)]),
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
