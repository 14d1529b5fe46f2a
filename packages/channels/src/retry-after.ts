import type { HttpReply } from "./http-provider.ts";

const MAX_SECONDS = 7 * 24 * 3_600;

/** When the provider wants to be asked again: its `Retry-After`, in seconds or as an HTTP date. At most a week away. */
export function retryAfter(headers: HttpReply["headers"], nowMs: number = Date.now()): Date | undefined {
  const value = headers["retry-after"]?.trim();
  if (!value) return undefined;
  const atMs = /^\d+$/.test(value) ? nowMs + Number(value) * 1_000 : Date.parse(value);
  if (Number.isNaN(atMs)) return undefined;
  return new Date(Math.min(Math.max(atMs, nowMs), nowMs + MAX_SECONDS * 1_000));
}

/** The same as a part of a `throttled` result: empty where the provider did not say when. */
export function retryAtOf(headers: HttpReply["headers"]): { readonly retryAt?: Date } {
  const retryAt = retryAfter(headers);
  return retryAt ? { retryAt } : {};
}
