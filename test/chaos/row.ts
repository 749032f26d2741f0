/** What one row of faults did, and what came of it. */
export interface Row {
  readonly name: string;
  /** Faults by kind. */
  readonly injected: Readonly<Record<string, number>>;
  /** Figures of what holds afterwards. */
  readonly survived: Readonly<Record<string, number | string>>;
  /** Sentences; none where all that must hold does. */
  readonly problems: readonly string[];
}

export const count = (tally: Record<string, number>, kind: string, n = 1) => {
  tally[kind] = (tally[kind] ?? 0) + n;
};

export function printRow({ name, injected, survived, problems }: Row): string {
  const list = (figures: Readonly<Record<string, number | string>>) =>
    Object.entries(figures)
      .map(([what, n]) => `${what} ${n}`)
      .join(", ");
  const verdict = problems.length === 0 ? "holds" : `BROKEN: ${problems.slice(0, 5).join("; ")}`;
  return `| ${name} | ${list(injected)} | ${list(survived)} | ${verdict} |`;
}
