import type { BrokenRule } from "../validation-rules.ts";

const slips = new Set([
  "gmial.com", "gmai.com", "gmal.com", "gamil.com", "gnail.com", "gmail.co", "gmail.cm", "gmail.om",
  "hotmial.com", "hotmai.com", "hotmal.com", "hotmil.com", "hotmail.co", "hotmail.cm",
  "outlok.com", "outloo.com", "outlook.co", "outlook.cm",
  "yaho.com", "yahooo.com", "yhaoo.com", "yahoo.cm",
  "iclod.com", "icoud.com", "icloud.co", "icloud.cm",
]); // prettier-ignore
/** Ends of names that are one key away from .com, .net and .org, and that no registry has. */
const slippedEnd = /\.(?:con|cmo|ocm|vom|xom|comm|coom|nett|nte|ogr|orgg)$/;

/** Whether an address of a contact is most likely mistyped; `path` names the contact in the request. */
export function slippedEmail(email: string | null | undefined, path = ""): BrokenRule[] {
  const domain = email?.slice(email.lastIndexOf("@") + 1).toLowerCase() ?? "";
  if (!slips.has(domain) && !slippedEnd.test(domain)) return [];
  return [{ rule: "email_domain_typo", field: `${path}addresses.email` }];
}
