const WRAPPERS: readonly string[] = ["ActivityFailure", "ChildWorkflowFailure"];
const MAX_MESSAGE = 300;

/** An error in a span: type and message of the error inside Temporal's wrappers, without a stack. */
export interface SpanError {
  readonly type: string;
  readonly message: string;
}

export function describeError(error: unknown): SpanError {
  let inner = error;
  while (inner instanceof Error && WRAPPERS.includes(inner.name) && inner.cause) inner = inner.cause;
  if (!(inner instanceof Error)) return { type: "Error", message: String(inner).slice(0, MAX_MESSAGE) };
  return { type: errorType(inner), message: inner.message.slice(0, MAX_MESSAGE) };
}

/** The name of the project's error, also after Temporal has turned it into an ApplicationFailure. */
export function errorType(error: Error): string {
  const { type } = error as { type?: unknown };
  return typeof type === "string" && type ? type : error.name;
}
