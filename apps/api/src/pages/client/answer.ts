import { isOnTestClock } from "@reminder-app/core/ctx";
import { AnswerInput, MOST_PROMISE_DAYS, answerRequest } from "@reminder-app/core/links/answer-request";
import { AppError, NotFoundError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { civilDateIn, daysAfter, formatCivilDate } from "@reminder-app/schedule/civil-date";
import type { Request, Response } from "express";
import { z } from "zod";
import type { Deps } from "../../http/endpoint.ts";
import { leaveToSweep } from "../../http/leave-to-sweep.ts";
import { requestIdOf } from "../../http/problem.ts";
import { resetTimer } from "../../routes/reset-timer.ts";
import type { PageVisit } from "./page-visit.ts";
import { type PageFault, tellFault } from "./tell-fault.ts";

/** Take what a client says about something that is asked of them; what is wrong with it is told on the page. */
export function takeAnswer({ producer, log }: Deps) {
  return async (visit: PageVisit, req: Request, res: Response): Promise<void> => {
    const assignmentId = z.uuid().safeParse(req.params["assignmentId"]).data as Id<"Assignment"> | undefined;
    if (!assignmentId) throw new NotFoundError("Assignment", "of this address");
    const { ctx } = visit.opened;
    try {
      const input = AnswerInput.parse(withoutEmpty(req.body));
      const { reminderId } = await answerRequest(visit.opened, { ...input, assignmentId, network: visit.network });
      if (!isOnTestClock(ctx))
        await resetTimer(ctx, reminderId)(producer).catch(leaveToSweep(log, { request: requestIdOf(res) }));
      res.redirect(303, `/p/${visit.token}?told=${input.answer}`);
    } catch (thrown) {
      const fault = faultOf(visit, thrown);
      if (!fault) throw thrown;
      await tellFault(visit, res, fault);
    }
  };
}

/** A field that was left empty is one that was not sent. */
function withoutEmpty(body: unknown): object {
  const sent = Object.entries((body ?? {}) as Readonly<Record<string, unknown>>);
  return Object.fromEntries(sent.filter(([, value]) => value !== ""));
}

function faultOf({ texts, locale, opened }: PageVisit, thrown: unknown): PageFault | undefined {
  if (thrown instanceof AppError && thrown.code === "conflict") return { status: 409, text: texts.tooLate };
  const fields =
    thrown instanceof z.ZodError
      ? thrown.issues.map(({ path }) => path.join("."))
      : thrown instanceof AppError
        ? thrown.issues.map(({ field }) => field)
        : [];
  if (!fields.includes("until")) return undefined;
  const today = civilDateIn(opened.business.timeZone, opened.ctx.now());
  const [from, to] = [today, daysAfter(today, MOST_PROMISE_DAYS)].map((day) => formatCivilDate(day, locale));
  return { status: 422, text: texts.wrongDay(from ?? "", to ?? "") };
}
