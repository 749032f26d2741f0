/** What one row of the lab found. */
export interface LabRow {
  readonly name: string;
  /** What was measured, in words and numbers. */
  readonly figures: Readonly<Record<string, number | string>>;
  /** Sentences; none where all that must hold does. */
  readonly problems: readonly string[];
  /** Why nothing was tried; null where it was. */
  readonly skipped: string | null;
}

/** Collects what a row finds, so that one thing that doesn't hold keeps none of the others from being looked at. */
export class Findings {
  readonly figures: Record<string, number | string> = {};
  readonly problems: string[] = [];

  must(holds: boolean, problem: string): void {
    if (!holds) this.problems.push(problem);
  }

  row(name: string): LabRow {
    return { name, figures: this.figures, problems: this.problems, skipped: null };
  }
}

export function printRow({ name, figures, problems, skipped }: LabRow): string {
  const list = Object.entries(figures)
    .map(([what, value]) => `${what} ${value}`)
    .join(", ");
  const verdict = skipped ? `skipped: ${skipped}` : problems.length === 0 ? "holds" : `BROKEN: ${problems.slice(0, 5).join("; ")}`;
  return `| ${name} | ${list} | ${verdict} |`;
}

export function verdictOf({ problems, skipped }: LabRow): "passed" | "failed" | "skipped" {
  return skipped ? "skipped" : problems.length === 0 ? "passed" : "failed";
}
