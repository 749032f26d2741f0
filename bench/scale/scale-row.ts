import type { Line } from "../row.ts";
import type { MeasuredRun } from "./run-table.ts";

/** What a row of `npm run bench:scale` is given. */
export interface ScaleContext {
  readonly folder: string;
  /** Most runs whose median counts: 1 for a quick look. */
  readonly most: number;
  /** Prints a run, and keeps it for docs/scaling.md. */
  readonly note: (row: string, run: MeasuredRun) => void;
  /** for the line below a table's head, while something long runs */
  readonly say: (text: string) => void;
}

/** A part of `npm run bench:scale` that can be run alone. @returns its verdicts */
export interface ScaleRow {
  readonly name: string;
  readonly words: string;
  run(context: ScaleContext): Promise<Line[]>;
}
