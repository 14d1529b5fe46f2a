import { HOUR_MS, after } from "@reminder-app/platform/clock";
import { AppError } from "@reminder-app/platform/errors";
import type { SystemCtx } from "../ctx.ts";
import { throttleRepo } from "./throttles.repo.ts";

/** So many registrations from one network, in whatever hour one looks at. */
const AN_HOUR = 5;

/** Take one of a network's five places, each of which is free again after an hour. Throws `rate_limited`. */
export async function limitRegistrations({ db, vault, now }: SystemCtx, network: string): Promise<void> {
  const at = now();
  const places = Array.from({ length: AN_HOUR }, (_none, place) =>
    vault.lookup("throttle-register", `${network}\0${place}`),
  );
  const freeAt = await throttleRepo(db).takePlace(places, at, after(at, HOUR_MS));
  if (!freeAt) return;
  throw new AppError("rate_limited", "Too many registrations from your network; wait as long as Retry-After says", {
    retryAfterMs: freeAt.getTime() - at.getTime(),
  });
}
