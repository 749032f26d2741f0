import { exampleRun } from "../../api/answers/run-answers.ts";
import type { ListedRun, RefusedInput, RunDesk, RunField, RunKind, StartedRun } from "../../api/run-desk.ts";
import { TemporalUnavailableError } from "../../core/vocabulary/errors.ts";

const field = (name: string, type: RunField["type"], words: string, choices: readonly string[] = []): RunField => ({
  name,
  type,
  words,
  choices,
});

/** A desk without Temporal: lists what it is given, and remembers what it was asked to start. */
export class FakeDesk implements RunDesk {
  readonly forms: RunDesk["forms"] = {
    pipeline: [
      field("symbols", "list", "symbols, separated by commas"),
      field("interval", "choice", "1d, 1h or 1m", ["1d", "1h", "1m"]),
      field("asOf", "text", "ISO 8601; use only candles that had closed by this time"),
      field("horizon", "number", "how many candles ahead"),
    ],
    backfill: [field("symbols", "list", "symbols, separated by commas"), field("from", "text", "ISO 8601, inclusive")],
  };
  runs: ListedRun[] = [
    exampleRun,
    {
      ...exampleRun,
      workflowId: "pipeline-failed",
      status: "failed",
      closedAt: "2020-12-31T12:01:00.000Z",
      reason: "BTC: no candles could be fetched: binance answers HTTP 500",
      progress: null,
      url: "http://temporal.test/pipeline-failed",
    },
    { ...exampleRun, workflowId: "score-1", type: "score", status: "completed", summary: "12 forecasts scored", progress: null },
  ];
  unavailable = false;
  readonly asked: { readonly kind: RunKind; readonly input: unknown }[] = [];

  async list(limit: number): Promise<readonly ListedRun[]> {
    this.#assertAvailable();
    return this.runs.slice(0, limit);
  }

  async start(kind: RunKind, input: unknown): Promise<StartedRun | RefusedInput> {
    this.#assertAvailable();
    const { horizon } = (input ?? {}) as { horizon?: unknown };
    if (horizon === 0) return { field: "horizon", reason: "horizon is 0, but should be a whole number from 1 to 365" };
    this.asked.push({ kind, input });
    return { workflowId: `${kind}-fake`, runId: "fake", url: null };
  }

  async close(): Promise<void> {}

  #assertAvailable(): void {
    if (this.unavailable) throw new TemporalUnavailableError("Temporal can't be reached");
  }
}
