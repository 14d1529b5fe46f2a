/** What a request says of who makes it. */
export interface Asking {
  readonly method: string;
  readonly userAgent: string | undefined;
  /** `Sec-Purpose`, or what older browsers send in its place: set where nobody looks at the page yet. */
  readonly purpose: string | undefined;
}

/** Mail scanners, makers of previews, and programs, by what they call themselves. People's browsers do not. */
const MACHINES =
  /bot\b|crawl|spider|slurp|scan|preview|prefetch|headless|safelinks|barracuda|proofpoint|mimecast|symantec|trendmicro|forcepoint|fireeye|cloudmark|zscaler|facebookexternalhit|whatsapp|telegram|slack|skype|curl|wget|python|java\/|okhttp|go-http|libwww|node|axios|httpclient|ruby|perl|php/i;

/** Every browser that a person uses begins so, and has since 1995. */
const BROWSER = /^(?:Mozilla|Opera)\/\d/;

/** Whether a page was fetched by a program rather than looked at by a person, so far as can be told. */
export function isMachine({ method, userAgent, purpose }: Asking): boolean {
  if (method === "HEAD" || /prefetch|preview|prerender/i.test(purpose ?? "")) return true;
  return userAgent === undefined || !BROWSER.test(userAgent) || MACHINES.test(userAgent);
}
