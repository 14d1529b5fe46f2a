import { maskAddresses } from "./mask.ts";

/** An error as a log line may hold it: what it is and where it was thrown, without the values that it is about. */
export interface DescribedError {
  readonly name: string;
  readonly code?: string | number;
  readonly message?: string;
  readonly stack?: string;
  readonly cause?: DescribedError;
}

/** Anything may be thrown; of what is no error only its kind is told. */
export function describeError(thrown: unknown): DescribedError {
  if (!(thrown instanceof Error)) return { name: typeof thrown };
  const code: unknown = "code" in thrown ? thrown.code : undefined;
  return {
    name: thrown.name,
    ...((typeof code === "string" || typeof code === "number") && { code }),
    message: maskAddresses(withoutValues(thrown)),
    stack: framesOf(thrown),
    ...(thrown.cause instanceof Error && { cause: describeError(thrown.cause) }),
  };
}

/** Failed statements carry their values, and the database's own words quote them: names and texts of clients. */
function withoutValues(error: Error): string {
  const statement = error.message.replace(/\nparams: [^]*/, "\nparams: ***");
  if (!("sqlState" in error)) return statement;
  return statement.replace(/^(Duplicate entry )[^]*( for key )/, "$1***$2").replace(/'[^]*'/, "***");
}

/** The stack begins with the message, of any number of lines, which is told beside it. */
function framesOf({ message, stack = "" }: Error): string {
  const from = message === "" ? 0 : stack.indexOf(message) + message.length;
  return stack
    .slice(stack.includes(message) ? from : 0)
    .split("\n")
    .filter((line) => /^\s+at /.test(line))
    .join("\n");
}
