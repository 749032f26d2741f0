/** What can be started from the API. */
export const RUN_KINDS = ["pipeline", "backfill"] as const;
export type RunKind = (typeof RUN_KINDS)[number];

/** Where runs are listed and started. Whoever starts the API makes it; the API itself knows nothing of Temporal. */
export interface RunDesk {
  /** The fields of the inputs that a person fills in, in order. */
  readonly forms: Readonly<Record<RunKind, readonly RunField[]>>;
  /**
   * The newest runs, newest first.
   *
   * @throws {TemporalUnavailableError}
   */
  list(limit: number): Promise<readonly ListedRun[]>;
  /**
   * Checks the input, and starts a run.
   *
   * @throws {TemporalUnavailableError}
   */
  start(kind: RunKind, input: unknown): Promise<StartedRun | RefusedInput>;
  close(): Promise<void>;
}

/** A field of an input, with what a person is told of it. */
export interface RunField {
  /** as the input has it */
  readonly name: string;
  readonly words: string;
  readonly control: RunControl;
}

/** How a field is filled in, and what can be checked before it is sent. A list is written with commas. */
export type RunControl =
  | { readonly type: "list" | "text" }
  | { readonly type: "choice"; readonly choices: readonly string[] }
  /** a whole number from 1 */
  | { readonly type: "count"; readonly most: number }
  /** `pattern` is a regular expression, `wanted` says the same to people. */
  | { readonly type: "time"; readonly pattern: string; readonly wanted: string };

export interface ListedRun {
  readonly workflowId: string;
  readonly runId: string;
  readonly type: string;
  readonly status: string;
  /** ISO 8601 */
  readonly startedAt: string;
  /** ISO 8601; null while it runs */
  readonly closedAt: string | null;
  /** The result as a sentence; null where there is none. */
  readonly summary: string | null;
  /** Why it, or a part of it, failed or is being retried; null where nothing is wrong. */
  readonly reason: string | null;
  /** its page in the Temporal Web UI; null: unknown */
  readonly url: string | null;
  /** null where it doesn't run, or tells none */
  readonly progress: RunProgress | null;
}

/** How far a run is. */
export interface RunProgress {
  readonly words: string;
  /** parts; both null while they aren't known */
  readonly done: number | null;
  readonly total: number | null;
}

export interface StartedRun {
  readonly workflowId: string;
  readonly runId: string;
  readonly url: string | null;
}

/** An input that no run can have. */
export interface RefusedInput {
  /** The field that is wrong; `input` where it is the whole. */
  readonly field: string;
  /** Names field and value. */
  readonly reason: string;
}
