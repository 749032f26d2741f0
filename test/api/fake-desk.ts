import { exampleRun } from "../../api/answers/run-answers.ts";
import type { ListedRun, RefusedInput, RunDesk, RunKind, StartedRun } from "../../api/run-desk.ts";
import { RUN_FORMS } from "../../cli/runs/run-forms.ts";
import { TemporalUnavailableError } from "../../core/vocabulary/errors.ts";

/** A desk without Temporal: lists what it is given, and remembers what it was asked to start. */
export class FakeDesk implements RunDesk {
  readonly forms = RUN_FORMS;
  runs: ListedRun[] = [
    exampleRun,
    {
      ...exampleRun,
      workflowId: "pipeline-failed",
      runId: "failed",
      status: "failed",
      closedAt: "2020-12-31T12:01:00.000Z",
      reason: "BTC: no candles could be fetched: binance answers HTTP 500",
      progress: null,
      url: "http://temporal.test/pipeline-failed",
    },
    {
      ...exampleRun,
      workflowId: "score-1",
      runId: "scored",
      type: "score",
      status: "completed",
      summary: "12 forecasts scored",
      progress: null,
    },
  ];
  unavailable = false;
  readonly asked: { readonly kind: RunKind; readonly input: unknown }[] = [];

  async list(limit: number): Promise<readonly ListedRun[]> {
    this.#assertAvailable();
    return this.runs.slice(0, limit);
  }

  async start(kind: RunKind, input: unknown): Promise<StartedRun | RefusedInput> {
    this.#assertAvailable();
    const { horizon, symbols } = (input ?? {}) as { horizon?: unknown; symbols?: readonly string[] };
    if (horizon === 0) return { field: "horizon", reason: "horizon is 0, but should be a whole number from 1 to 365" };
    const wrong = symbols?.find((symbol) => !/^\w+$/.test(symbol));
    if (wrong !== undefined) return { field: "symbols", reason: `symbols is "${wrong}", but should be 1 to 15 letters or digits` };
    this.asked.push({ kind, input });
    this.runs = [{ ...exampleRun, workflowId: `${kind}-fake`, runId: "fake", type: kind }, ...this.runs];
    return { workflowId: `${kind}-fake`, runId: "fake", url: null };
  }

  async close(): Promise<void> {}

  #assertAvailable(): void {
    if (this.unavailable) throw new TemporalUnavailableError("Temporal can't be reached");
  }
}
