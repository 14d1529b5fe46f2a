import { isDuplicateKey } from "@reminder-app/db/faults";
import { AppError } from "@reminder-app/platform/errors";
import type { Id } from "@reminder-app/platform/ids";
import { dueDateSchema } from "@reminder-app/schedule/civil-date";
import { z } from "zod";
import { type Ctx, inTransaction, requireRole } from "../ctx.ts";
import { askForAssignments } from "../payments/ask-for-assignments.ts";
import { type Reminder, reminderRepo } from "../reminders/reminders.repo.ts";
import { blankAssignment } from "./blank-assignment.ts";
import { dueByRule } from "./due-by-rule.ts";
import { insertAssignments } from "./insert-assignments.ts";
import { type AssignmentWithNext, withNext } from "./next-message.ts";
import { reachOf } from "./reach-of.ts";
import { requireFit } from "./require-fit.ts";
import { stepOverridesSchema } from "./step-overrides.ts";

const MOST = 1_000;
const MAX_AMOUNT = 1_000_000_000_000;
/** Steps may come two years after it, and years have four digits. */
const LATEST_DUE = "9899-12-31";
const currencies = new Set(Intl.supportedValuesOf("currency"));

export const assignmentFields = {
  period: z
    .string()
    .trim()
    .max(40)
    .regex(/^[\w .:/-]*$/, "may have letters, digits and . : / - _")
    .describe("Which time this is, such as 2027-Q1"),
  dueOn: dueDateSchema
    .refine((day) => day <= LATEST_DUE, `must be a day up to ${LATEST_DUE}`)
    .nullable()
    .describe("Steps of a sequence are counted from it"),
  amount: z
    .int()
    .min(0)
    .max(MAX_AMOUNT)
    .nullable()
    .describe("In minor units: 1250 is 12.50. Of 0 no reminder goes that stops when it is paid"),
  currency: z
    .string()
    .refine((code) => currencies.has(code), "must be an ISO 4217 code such as GBP")
    .nullable(),
  overrides: stepOverridesSchema,
} as const;

export const AssignClientsInput = z.strictObject({
  assignments: z
    .array(
      z.strictObject({
        clientId: z.uuid(),
        period: assignmentFields.period.default(""),
        dueOn: assignmentFields.dueOn.default(null),
        amount: assignmentFields.amount.default(null),
        currency: assignmentFields.currency.default(null),
        overrides: assignmentFields.overrides.optional(),
        paymentRequestId: z
          .uuid()
          .optional()
          .describe(
            "What they are to pay; amount, currency and due date follow from it. Made from the amount when left out",
          ),
      }),
    )
    .min(1)
    .max(MOST),
});

type Input = z.output<typeof AssignClientsInput>["assignments"][number];

/**
 * Put clients on a reminder; they are reminded from its next moment on. All or none: an unknown client, one that can
 * be reached on no channel of the reminder, or one that is assigned for the period already refuses the whole.
 */
export async function assignClients(
  ctx: Ctx,
  reminderId: Id<"Reminder">,
  { assignments }: z.output<typeof AssignClientsInput>,
): Promise<AssignmentWithNext[]> {
  requireRole(ctx, "staff", "assign clients");
  return inTransaction(ctx, async (tx) => {
    const reminder = await reminderRepo(tx).lock(reminderId);
    if (reminder.status === "cancelled") throw new AppError("conflict", "A cancelled reminder takes no more clients");
    if (reminder.status === "completed") {
      throw new AppError(
        "conflict",
        "The reminder has no further moment; give it a new schedule first, or send it by hand",
      );
    }
    await requireReachable(tx, reminder, assignments);
    const blank = assignments.map(({ clientId, overrides = null, paymentRequestId, ...fields }) => ({
      ...blankAssignment({ ...fields, overrides, clientId: clientId as Id<"Client">, reminderId }, tx.now()),
      paymentRequestId: (paymentRequestId as Id<"PaymentRequest"> | undefined) ?? null,
    }));
    const made = await askForAssignments(tx, reminder, await dueByRule(tx, reminder, blank));
    for (const [index, row] of made.entries()) requireFit(reminder, row, `assignments.${index}`);
    const rows = await refuseTaken(() => insertAssignments(tx, reminder, made));
    return withNext(tx, reminder, { assignments: rows, isNew: true });
  });
}

async function requireReachable(tx: Ctx, reminder: Reminder, inputs: readonly Input[]): Promise<void> {
  const reach = await reachOf(
    tx,
    reminder,
    inputs.map(({ clientId }) => clientId as Id<"Client">),
  );
  const issues = inputs.flatMap(({ clientId }, index) => {
    const fault = reach(clientId as Id<"Client">);
    return fault === undefined ? [] : [{ field: `assignments.${index}.clientId`, message: fault }];
  });
  if (issues.length === 0) return;
  const absent = issues.every(({ message }) => message.endsWith("not found"));
  throw new AppError(absent ? "not_found" : "validation_failed", "Some clients cannot be assigned", { issues });
}

async function refuseTaken<Result>(write: () => Promise<Result>): Promise<Result> {
  try {
    return await write();
  } catch (thrown) {
    if (!isDuplicateKey(thrown)) throw thrown;
    const message = "a client is assigned for this period already; name another period, or change that assignment";
    throw new AppError("conflict", message, { issues: [{ field: "assignments", message }], cause: thrown });
  }
}
